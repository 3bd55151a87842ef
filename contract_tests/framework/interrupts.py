"""Delayed interrupts: Ctrl-C never comes between a request that creates something and the note to remove it."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

SIGNALS = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def hold_interrupts() -> Iterator[None]:
    """Delays SIGINT and SIGTERM until the block has ended. Has no effect outside the main thread."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    received: list[tuple[int, Any]] = []
    handlers = {number: signal.signal(number, lambda *arguments: received.append(arguments)) for number in SIGNALS}
    try:
        yield
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler or signal.SIG_DFL)
    for first, _ in received[:1]:
        signal.raise_signal(first)
