"""HTTP over the network. The only importer of aiohttp: its parser reads requests, its client delivers webhooks."""

from mockserver.transports.network.client import webhooks
from mockserver.transports.network.server import Network, serve

__all__ = ["Network", "serve", "webhooks"]
