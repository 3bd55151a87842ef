"""Host names that a server answers to. Any other name may have been made to resolve here (DNS rebinding)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from ipaddress import ip_address

# A name, an IPv4 address or an IPv6 address in brackets, and optionally a port. The Host header becomes a part of the
# URLs that services hand out, so it must not contain anything else.
_HOST = re.compile(r"([a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?|\[[0-9a-f:.]+\])(:[0-9]{1,5})?", re.IGNORECASE)

_AUTHORITY = re.compile(r"(?:[a-z0-9\-._~!$&'()*+,;=]|%[0-9a-f]{2})+|\[[0-9a-f:.]+\]", re.IGNORECASE)
_PORT = re.compile(r"[0-9]{0,5}")


def is_host(text: str) -> bool:
    """Returns whether a text obeys the grammar of a Host header field (RFC 9110, section 7.2), whatever it names."""
    name, bracket, rest = text.rpartition("]")
    host, _, port = rest.partition(":")
    return bool(_AUTHORITY.fullmatch(name + bracket + host) and _PORT.fullmatch(port) and int(port or 0) < 65_536)


class Hosts:
    """Loopback addresses, `localhost`, every name below it, and the names in `extra` ("*" stands for all names)."""

    def __init__(self, extra: Iterable[str] = ()) -> None:
        self._extra = frozenset(name.lower() for name in extra)

    def allows(self, host: str) -> bool:
        """Returns whether the server answers to a Host header, which may have a port."""
        if not _HOST.fullmatch(host):
            return False
        name = hostname(host)
        if name == "localhost" or name.endswith(".localhost") or name in self._extra or "*" in self._extra:
            return True
        return is_loopback(name)


def hostname(host: str) -> str:
    """Returns the name in a Host header, in lower case, without port and brackets."""
    host = host.strip().lower()
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.rpartition(":")[0] if host.count(":") == 1 else host


def is_loopback(name: str) -> bool:
    """Returns whether a name or address can only be that of this machine."""
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return name == "localhost"
