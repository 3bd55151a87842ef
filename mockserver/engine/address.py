"""Which world a request means, and how its caller reached it.

A request names its world by path prefix (`/_mock/w/NAME/...`), by header (`X-Mock-World`) or by host
(`NAME.localhost`), in this order; otherwise it means the world `default`.
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
    """`path` and `query` are as sent, without the world's prefix; `base` is the URL that leads to this world."""

    world: str
    path: str
    query: str
    base: str


def address(request: Request, external_url: str | None = None) -> Address:
    """Reads a request's target, header and host. MalformedRequest for a name that no world can have."""
    if not request.target.isascii():
        _check_unicode(request.target)
    path, _, query = request.target.partition("?")
    if path[:1] != "/":
        path = _path_of(path)
    origin = external_url or request.origin
    if path.startswith(PREFIX):
        name, slash, rest = path[len(PREFIX) :].partition("/")
        return Address(check_name(name), slash + rest, query, origin + PREFIX + name)
    named = request.headers.get(HEADER)
    if named is not None:
        return Address(check_name(named), path, query, origin if named == DEFAULT else origin + PREFIX + named)
    if "localhost" in request.origin:
        return Address(world_of_host(request.origin) or DEFAULT, path, query, origin)
    return Address(DEFAULT, path, query, origin)


def native_path(target: str) -> str:
    """The path of a request target as the service's document has it: without the query and the world's prefix."""
    try:
        return address(Request("", target)).path
    except Problem:  # it names no world that could be, and was answered with that
        return target.partition("?")[0]


def world_of_host(origin: str) -> str | None:
    """The NAME of `http://NAME.localhost:8080`, in lower case."""
    hostname = urlsplit(origin).hostname or ""
    name, dot, rest = hostname.rpartition(".")
    if not dot or rest != "localhost":
        return None
    if "." in name:
        raise MalformedRequest(f"{hostname} names no world: one label before .localhost does")
    return check_name(name)


def _check_unicode(target: str) -> None:
    """A target with bytes that are no text could neither be looked up, nor journaled, nor answered with."""
    try:
        target.encode()
    except UnicodeEncodeError:
        raise MalformedRequest("the request target is not UTF-8") from None


def _path_of(target: str) -> str:
    """The path of an absolute URL, as a proxy's client sends it."""
    try:
        return urlsplit(target).path or "/"
    except ValueError:
        raise MalformedRequest("the request target can't be read") from None
