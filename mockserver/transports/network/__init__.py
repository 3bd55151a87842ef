"""HTTP over the network. The only importer of aiohttp: its parser reads requests, its client delivers webhooks.

Read it in this order:

    listener          one server on one address
    connection        one client of it
    states            what a connection can be doing, drawn
    request_parser    bytes to heads
    request_body      a body while it arrives
    gate, cors        which requests reach the core
    encoding          a response as the bytes of HTTP/1.1
    batch, durable    when those bytes leave
    bounds            what a client may use: bytes, seconds, connections
    access_log        one line for each exchange
    application       the mock for aiohttp's own server, in place of listener and connection
    webhook_client    the other direction: webhooks on their way to their receivers
"""

from mockserver.transports.network.application import web_application
from mockserver.transports.network.listener import Network, serve
from mockserver.transports.network.webhook_client import webhook_delivery

__all__ = ["Network", "serve", "web_application", "webhook_delivery"]
