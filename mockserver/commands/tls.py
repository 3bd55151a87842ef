"""What `mockserver serve --tls` needs: an authority, a certificate, and the names that it is for."""

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
    """`certificate` is the authority's, for clients to trust; `hosts` are real names that the server answers to."""

    context: SSLContext
    certificate: Path
    hosts: list[str]


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `mockserver serve` that concern TLS."""
    add = parser.add_argument
    add("--tls", action="store_true", help="speak https, with a certificate of a local authority")
    add(
        "--tls-dir",
        type=Path,
        metavar="DIR",
        default=_home(),
        help="where the authority is kept (default: %(default)s)",
    )
    add("--tls-host", action="append", metavar="HOST", help="answer to this name too (default: the vendors' own)")


def tls(options: argparse.Namespace, vendor_urls: Iterable[str]) -> Tls | None:
    """What the options ask for; ValueError where it can't be had."""
    if not options.tls:
        return None
    hosts = options.tls_host or _names(vendor_urls)
    authority = Authority(options.tls_dir.absolute())
    bound = [name for name in (options.host, *options.allow_host) if not _any(name)]
    return Tls(context(authority, [*bound, *hosts]), authority.certificate, hosts)


def _names(urls: Iterable[str]) -> list[str]:
    """The hosts of URLs, but for those that stand for many."""
    hosts = (urlsplit(url).hostname or "" for url in urls if "{" not in url)
    return [host for host in dict.fromkeys(hosts) if host != "localhost"]


def _any(name: str) -> bool:
    """Whether this stands for every name or address."""
    try:
        return ip_address(name).is_unspecified
    except ValueError:
        return name == "*"


def _home() -> Path:
    base = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(base) / "idp-mockserver"
