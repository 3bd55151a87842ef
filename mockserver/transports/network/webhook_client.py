"""Posts webhooks to their receivers. The server sends no other request."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from functools import partial

import aiohttp

from mockserver.transports.webhooks import Deliverer
from mockserver.worlds.deliveries import RESPONSE_TIMEOUT, Attempt, Outcome
from mockserver.worlds.worlds import Worlds


@asynccontextmanager
async def webhook_delivery(worlds: Worlds, allowed: Collection[str] = ()) -> AsyncIterator[None]:
    """Delivers webhooks as long as the context lasts. `allowed` names the hosts besides loopback that may be called."""
    # Each queue has one request under way, so their number needs no bound of its own.
    connector = aiohttp.TCPConnector(limit=0, force_close=True)
    timeout = aiohttp.ClientTimeout(total=RESPONSE_TIMEOUT)
    async with aiohttp.ClientSession(
        connector=connector, cookie_jar=aiohttp.DummyCookieJar(), timeout=timeout, auto_decompress=False
    ) as client:
        deliverer = Deliverer(worlds, partial(_post, client), [host.lower() for host in allowed])
        deliverer.start()
        try:
            yield
        finally:
            await deliverer.close()


async def _post(client: aiohttp.ClientSession, attempt: Attempt) -> Outcome:
    """Makes one attempt. Redirects are not followed, because they could lead to any host; the body is not read."""
    try:
        async with client.post(
            attempt.url, data=attempt.body, headers=attempt.headers, allow_redirects=False
        ) as response:
            return Outcome(response.status)
    except TimeoutError:
        return Outcome(None, f"no answer within {RESPONSE_TIMEOUT:.0f} seconds")
    except (aiohttp.ClientError, OSError, ValueError) as error:
        return Outcome(None, f"{type(error).__name__}: {error}")
