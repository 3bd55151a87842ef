"""How requests reach the core and responses leave it.

network/       a server on a socket, the mock as an aiohttp application, and the client that delivers webhooks
tls/           certificates for that server
inprocess      httpx code without sockets
background     the network server in a thread of this process
webhooks       which delivery is sent next, and when
http_client    requests to other servers: what `demo --url` and `provision` use
"""
