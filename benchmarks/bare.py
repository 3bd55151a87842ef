"""The yardstick: aiohttp's own `web.Application`, whose handler returns a constant JSON body."""

from __future__ import annotations

import sys

import uvloop
from aiohttp import web

BODY = (
    b'{"id":"ch8i4ug6lnn4g9hqv7l0","type":"oidc","name":"My OIDC Provider",'
    b'"issuer":"https://accounts.google.com","client_id":"123456789.apps.googleusercontent.com"}'
)


async def constant(request: web.Request) -> web.Response:
    """Returns the same response to every request."""
    return web.Response(body=BODY, content_type="application/json")


def main() -> None:
    """Serves on a free port, with the same kind of event loop as the mock, and prints the URL."""

    async def serve() -> None:
        import asyncio

        application = web.Application()
        application.router.add_get("/constant/{id}", constant)
        application.router.add_post("/constant", constant)
        runner = web.AppRunner(application, access_log=None)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        print("ready", f"http://127.0.0.1:{runner.addresses[0][1]}", flush=True)
        await asyncio.Event().wait()

    try:
        uvloop.run(serve())
    except KeyboardInterrupt:
        sys.exit(0)


if __name__ == "__main__":
    main()
