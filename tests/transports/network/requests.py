"""Thousands of requests as bytes: the documented ones, and what becomes of them when somebody gets one thing wrong."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random
from typing import Any

import orjson

DOCUMENTED = Path(__file__).resolve().parents[3] / "contract_tests" / "documented"

HOST = "localhost:8080"
HEADERS = {"Host": HOST, "Authorization": "Bearer mock-admin"}


@dataclass(frozen=True)
class Asked:
    """A request. `body` is sent in `chunks` pieces, or with its length where there are none."""

    method: str
    target: str
    headers: dict[str, str] = field(default_factory=lambda: dict(HEADERS))
    body: bytes = b""
    chunks: int = 0
    version: str = "HTTP/1.1"

    def encode(self) -> bytes:
        """The request as bytes."""
        headers, body = dict(self.headers), self.body
        if self.chunks:
            headers["Transfer-Encoding"] = "chunked"
            size = max(1, -(-len(body) // self.chunks))
            pieces = [body[at : at + size] for at in range(0, len(body), size)]
            body = b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"
        elif body:
            headers.setdefault("Content-Length", str(len(body)))
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        return f"{self.method} {self.target} {self.version}\r\n{lines}\r\n".encode("utf-8", "surrogateescape") + body

    def with_header(self, name: str, value: str) -> Asked:
        """A copy with one header set."""
        return replace(self, headers={**self.headers, name: value})


def documented() -> list[Asked]:
    """Every request of the vendors' pages."""
    found = []
    for path in sorted(DOCUMENTED.glob("*.json")):
        for example in json.loads(path.read_text()):
            request = example["request"]
            headers = {**HEADERS, **request["headers"]}
            body = b"" if request["body"] is None else json.dumps(request["body"]).encode()
            if body:
                headers.setdefault("Content-Type", "application/json")
            found.append(Asked(request["method"], request["path"], headers, body))
    return found


METHODS = ["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND"]
ODD_TARGETS = f"""
/ // /? /??a=b /#part /%zz /% /%00 /%2e%2e/api /../api /./api /api/ /api//x * /a;b /a|b /a\\b /{{a}} /ü /\udcff
/api/identity-providers/ /api/identity-providers? /api/identity-providers?a=1&a=2 /api%2Fidentity-providers
/_mock/ /_mock/health /_mock/worlds /%5Fmock/worlds /_mock/openapi/scim.json /_mock/openapi/none.json
/_mock/w//api /_mock/w/a.b/api /_mock/w/team/api/identity-providers /_mock/worlds/team/journal?limit=2
http://example.com/ http://{HOST}/api/identity-providers /api/{"a" * 60} /api/identity-providers?{"x=%20&" * 60}
""".split()
VALUES: list[Any] = [None, True, 0, -1, 2**70, 1.5, "", "x" * 300, "ü\u2028", [], ["a", 1], {}, {"a": None}]
ODD_HEADERS = f"""
Host: team.localhost:8080|Host: example.com|Host: a.b.localhost|Host:|Host: [::1]:1|Host: LOCALHOST:8080
X-Mock-World: team|X-Mock-World: no world!|X-Mock-World:
X-Mock-Fault: status=503|X-Mock-Fault: status=9|X-Mock-Fault: garbage|X-Mock-Fault: ?
X-Mock-Fault: disconnect|X-Mock-Fault: truncate|X-Mock-Fault: delay=2ms, status=500
Authorization:|Authorization: Bearer|Authorization: Basic YTpi|Authorization: \udcff
Authorization: Bearer mock-reader|Authorization: Bearer mock-expired
Origin: http://localhost:5173|Origin: null|Origin: http://{HOST}|Origin: a\udcffb
Sec-Fetch-Site: cross-site|Access-Control-Request-Method: PUT
Content-Type: text/plain|Content-Type:|Content-Type: application/json; charset=utf-16|Content-Type: multipart/form-data
Content-Length: 999999999|Connection: close|Connection: Upgrade|TE: trailers|Range: bytes=0-1|Cookie: a=b; c
Accept: text/html|Accept: */*;q=0|If-None-Match: *|X-Long: {"x" * 8_000}
"""


ODD = [
    (name, value.strip())
    for line in ODD_HEADERS.strip().splitlines()
    for name, _, value in (field.partition(":") for field in line.split("|"))
]


def random_requests(seed: int, count: int) -> Iterator[Asked]:
    """Documented requests with one to three things changed; equal seeds give equal requests."""
    random, every = Random(seed), documented()
    for _ in range(count):
        asked = random.choice(every)
        for _ in range(random.choice([1, 1, 1, 2, 3])):
            asked = _changed(asked, random)
        yield asked


CHANGES = [
    *["method", "header", "header", "header", "wrong value", "wrong value", "no JSON", "chunks"] * 4,
    *("odd target", "odd target", "damaged target"),
]
"""What becomes of a request. Few targets are changed, because what nobody answers costs far more than an answer."""


def _changed(asked: Asked, random: Random) -> Asked:
    match random.choice(CHANGES):
        case "method":
            return replace(asked, method=random.choice(METHODS))
        case "odd target":
            return replace(asked, target=random.choice(ODD_TARGETS))
        case "damaged target":
            return replace(asked, target=_damaged(asked.target, random))
        case "header":
            return asked.with_header(*random.choice(ODD))
        case "wrong value":
            return replace(asked, body=_wrong(asked.body, random))
        case "no JSON":
            return replace(asked, body=_cut(asked.body, random))
        case _:
            return replace(asked, chunks=random.choice([1, 2, 9]))


def _damaged(target: str, random: Random) -> str:
    """A target with a character too many or too few."""
    at = random.randrange(1, len(target) + 1)
    return target[:at] + random.choice(["", "/", "%20", "x", "?", "&", "="]) + target[at + random.randrange(2) :]


def _wrong(body: bytes, random: Random) -> bytes:
    """A JSON body with a wrong, a missing or an unknown member, or another value in its place."""
    try:
        document = orjson.loads(body)
    except ValueError:  # empty, or damaged already
        document = {}
    if not isinstance(document, dict):
        document = {}
    name = random.choice([*document, "unknown"])
    if random.random() < 0.2:
        return json.dumps(random.choice(VALUES)).encode()
    if random.random() < 0.3:
        document.pop(name, None)
    else:
        document[name] = random.choice(VALUES)
    return json.dumps(document).encode()


def _cut(body: bytes, random: Random) -> bytes:
    """What is no JSON, or is JSON that repeats itself."""
    whole = body or b"{}"
    others = [whole[: len(whole) // 2], whole + b"x", b"\xff" + whole, b'{"a":1,"a":2}', b"[" * 2_000, b" " * 70_000]
    return random.choice(others)


def compressed() -> list[Asked]:
    """Requests whose body is compressed, or said to be."""
    wish = json.dumps(
        {"type": "oidc", "name": "z", "issuer": "https://a.example", "client_id": "c", "client_secret": "s"}
    ).encode()
    asked = Asked("POST", "/_mock/w/compressed/api/identity-providers", body=gzip.compress(wish))
    asked = asked.with_header("Content-Type", "application/json").with_header("Content-Encoding", "gzip")
    return [asked, replace(asked, body=wish)]
