"""The address of a request: which world it is for, and under which URL its caller reaches that world.

A request names its world by path prefix (`/_mock/w/NAME/...`), by header (`X-Mock-World`) or by host
(`NAME.localhost`), in this order of precedence. Otherwise it is for the world `default`.
"""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import urlsplit

from mockserver.core.messages import Request
from mockserver.core.problems import MalformedRequest, Problem
from mockserver.worlds.names import DEFAULT, check_name

PREFIX = "/_mock/w/"
HEADER = "X-Mock-World"


class Address(NamedTuple):
    """`world` is the name of the world; `base` is the URL that leads to it, without a trailing slash.

    `path` and `query` are still percent-encoded. The path is without the world's prefix.
    """

    world: str
    path: str
    query: str
    base: str


def address_of(request: Request, external_url: str | None = None) -> Address:
    """Returns the address of a request. `external_url` replaces the origin that the caller used.

    Raises MalformedRequest for a target that can't be parsed and for a name that no world can have.
    """
    if not request.target.isascii():
        _check_unicode(request.target)
    path, _, query = request.target.partition("?")
    if path[:1] != "/":
        path = _path_of(path)
    origin = external_url or request.origin
    if path.startswith(PREFIX):
        name, slash, rest = path[len(PREFIX) :].partition("/")
        return Address(check_name(name), slash + rest, query, origin + PREFIX + name)
    name_in_header = request.headers.get(HEADER)
    if name_in_header is not None:
        # The host of the origin may name a world, too; the prefix takes precedence over it.
        is_default = name_in_header == DEFAULT and ".localhost" not in origin
        base = origin if is_default else origin + PREFIX + name_in_header
        return Address(check_name(name_in_header), path, query, base)
    if "localhost" in request.origin:
        return Address(world_of_host(request.origin) or DEFAULT, path, query, origin)
    return Address(DEFAULT, path, query, origin)


def native_path(target: str) -> str:
    """Returns the path of a request target as the service's document has it: without query and world's prefix."""
    try:
        return address_of(Request("", target)).path
    except Problem:  # the target names an impossible world; the request was refused for that
        return target.partition("?")[0]


def world_of_host(origin: str) -> str | None:
    """Returns the NAME of `http://NAME.localhost:8080` in lower case; None for any other host.

    Raises MalformedRequest for a name that no world can have.
    """
    hostname = urlsplit(origin).hostname or ""
    name, dot, rest = hostname.rpartition(".")
    if not dot or rest != "localhost":
        return None
    if "." in name:
        raise MalformedRequest(f"{hostname} names no world: one label before .localhost does")
    return check_name(name)


def _check_unicode(target: str) -> None:
    """Raises MalformedRequest for a target with bytes that are not UTF-8: no journal or response could contain it."""
    try:
        target.encode()
    except UnicodeEncodeError:
        raise MalformedRequest("the request target is not UTF-8") from None


def _path_of(target: str) -> str:
    """Returns the path of an absolute URL, which a client sends to a proxy."""
    try:
        return urlsplit(target).path or "/"
    except ValueError:
        raise MalformedRequest("the request target can't be read") from None
