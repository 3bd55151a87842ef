"""What real clients prove of the operations, as `mockserver operations` tells it."""

from __future__ import annotations

from collections.abc import Iterable

from contract_tests.framework.reporting.ledger import read as read_ledger


def told(service: str, client: str) -> set[str]:
    """The operations that the committed record says a client has gone through."""
    return {name for name, by in read_ledger(service).items() if client in by.get("client", ())}


def succeeded(exchanges: Iterable[tuple[str | None, int]]) -> set[str]:
    """The operations that were answered with success, of (operationId, status)."""
    return {name for name, status in exchanges if name and status < 300}
