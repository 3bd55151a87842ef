"""https for `mockserver serve --tls`: a local certificate authority, a server certificate, and its host names."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from ssl import SSLContext
from urllib.parse import urlsplit

from mockserver.transports.tls.authority import Authority
from mockserver.transports.tls.context import context


@dataclass(frozen=True)
class Tls:
    """What the server needs to speak https.

    `certificate` is the file of the authority's certificate, which clients have to trust. `hosts` are the real host
    names that the server answers to.
    """

    context: SSLContext
    certificate: Path
    hosts: list[str]


def arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the options of `mockserver serve` that concern https."""
    add = parser.add_argument_group("https").add_argument
    add("--tls", action="store_true", help="speak https with a certificate from a local authority")
    add(
        "--tls-dir",
        type=Path,
        metavar="DIR",
        default=_home(),
        help="folder of the authority's key and certificate (default: %(default)s)",
    )
    add(
        "--tls-host",
        action="append",
        metavar="HOST",
        help="also answer to this host name; repeatable (default: the vendors' own host names)",
    )


def tls(options: argparse.Namespace, vendor_urls: Iterable[str]) -> Tls | None:
    """Returns what the server needs for https, or None without `--tls`. Raises ValueError if it can't be made."""
    if not options.tls:
        return None
    hosts = options.tls_host or _names(vendor_urls)
    authority = Authority(options.tls_dir.absolute())
    bound = [name for name in (options.host, *options.allow_host) if not _any(name)]
    return Tls(context(authority, [*bound, *hosts]), authority.certificate, hosts)


def _names(urls: Iterable[str]) -> list[str]:
    """Returns the host names of URLs, except of URL templates and of localhost."""
    hosts = (urlsplit(url).hostname or "" for url in urls if "{" not in url)
    return [host for host in dict.fromkeys(hosts) if host != "localhost"]


def _any(name: str) -> bool:
    """Returns whether a name stands for every host or address."""
    try:
        return ip_address(name).is_unspecified
    except ValueError:
        return name == "*"


def _home() -> Path:
    base = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(base) / "idp-mockserver"
