"""Which Host a server answers to. A name that merely resolves here (DNS rebinding) is none of ours."""

from __future__ import annotations

import re
from collections.abc import Iterable
from ipaddress import ip_address

# A name or IPv4 address, or an IPv6 address in brackets; then perhaps a port. Anything else would find its way, as the
# origin, into URLs that are handed out.
_HOST = re.compile(r"([a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?|\[[0-9a-f:.]+\])(:[0-9]{1,5})?", re.IGNORECASE)


class Hosts:
    """Loopback addresses, `localhost` and everything below it, and the names that were allowed ("*" allows all)."""

    def __init__(self, extra: Iterable[str] = ()) -> None:
        self._extra = frozenset(name.lower() for name in extra)

    def allows(self, host: str) -> bool:
        """Whether a Host header, with or without a port, is one of ours."""
        if not _HOST.fullmatch(host):
            return False
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
