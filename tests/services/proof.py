"""What the vendors' clients prove of the operations, as `mockserver operations` reports it."""

from __future__ import annotations

from collections.abc import Iterable

from contract_tests.framework.reporting.ledger import read as read_ledger


def recorded(service: str, client: str) -> set[str]:
    """Returns the operations that a client calls according to the committed record."""
    return {name for name, by in read_ledger(service).items() if client in by.get("client", ())}


def succeeded(exchanges: Iterable[tuple[str | None, int]]) -> set[str]:
    """Returns the operations with a successful response, of pairs (operationId, status)."""
    return {name for name, status in exchanges if name and status < 300}
