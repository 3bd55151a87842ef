"""HTTP over the network. The only importer of aiohttp: its parser reads requests, its client delivers webhooks.

Read it in this order:

    listener          one server on one address
    connection        one client of it: the states of a connection
    gate, cors        which requests reach the core
    encoding          a response as the bytes of HTTP/1.1
    batch, durable    when those bytes leave
    bounds            what a client may use: bytes, seconds, connections
    access_log        one line for each exchange
    webhook_client    the other direction: webhooks on their way to their receivers
"""

from mockserver.transports.network.listener import Network, serve
from mockserver.transports.network.webhook_client import webhook_delivery

__all__ = ["Network", "serve", "webhook_delivery"]
