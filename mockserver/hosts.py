"""Which Host a server answers to. A name that merely resolves here (DNS rebinding) is none of ours."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import ip_address


class Hosts:
    """Loopback addresses, `localhost` and everything below it, and the names that were allowed ("*" allows all)."""

    def __init__(self, extra: Iterable[str] = ()) -> None:
        self._extra = frozenset(name.lower() for name in extra)

    def allows(self, host: str) -> bool:
        """Whether a Host header, with or without a port, is one of ours."""
        name = hostname(host)
        if name == "localhost" or name.endswith(".localhost") or name in self._extra or "*" in self._extra:
            return True
        return is_loopback(name)


def hostname(host: str) -> str:
    """The name in a Host header, in lower case, without port and brackets."""
    host = host.strip().lower()
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.rpartition(":")[0] if host.count(":") == 1 else host


def is_loopback(name: str) -> bool:
    """Whether a name or address can only mean this machine."""
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return name == "localhost"
