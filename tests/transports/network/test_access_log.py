"""One line for each exchange, as text or JSON, written in batches; never a secret."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable

import pytest

from mockserver.core.messages import Request, Response
from mockserver.transports.network.access_log import AccessLog


class Written:
    """An access log and the calls that it scheduled."""

    def __init__(self, style: str) -> None:
        self.out = io.StringIO()
        self.later: list[Callable[[], None]] = []
        self.log = AccessLog(style, self.later.append, self.out)

    def add(self, target: str = "/things", peer: object = ("127.0.0.1", 5000)) -> str:
        self.log.add(Request("GET", target), Response(200, b"{}", [("X-Mock-Exchange", "7")]), 0.0123, peer)
        self.log.flush()
        return self.out.getvalue()


def test_a_line_of_text_has_the_peer_the_request_and_the_outcome() -> None:
    line = Written("text").add()
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ 127\.0\.0\.1 GET /things 200 2B 12\.3ms\n", line)


def test_a_line_of_json_has_the_same_and_the_exchange() -> None:
    line = json.loads(Written("json").add("/things?a=1"))
    assert line.pop("time")
    assert line == {
        "peer": "127.0.0.1",
        "method": "GET",
        "target": "/things?a=1",
        "status": 200,
        "bytes": 2,
        "ms": 12.3,
        "exchange": "7",
    }


def test_a_log_that_is_off_writes_and_schedules_nothing() -> None:
    written = Written("off")
    assert written.add() == ""
    assert (written.log.enabled, written.later) == (False, [])


@pytest.mark.parametrize("style", ["text", "json"])
def test_secrets_of_the_query_are_masked(style: str) -> None:
    assert "hunter2" not in Written(style).add("/things?a=1&client_secret=hunter2")


@pytest.mark.parametrize("style", ["text", "json"])
@pytest.mark.parametrize("target", ["/a\nb", "/a\r\nb", "/\x1b[31m", "/\udcff", "/\u2028"])
def test_one_exchange_is_one_line_whatever_its_target_is(style: str, target: str) -> None:
    line = Written(style).add(target)
    assert len(line.splitlines()) == 1
    assert line.isascii()
    assert "\x1b" not in line


def test_lines_are_written_together() -> None:
    written = Written("text")
    for _ in range(3):
        written.log.add(Request("GET", "/"), Response(200), 0.0, None)
    assert (written.out.getvalue(), len(written.later)) == ("", 1)
    written.later[0]()
    assert written.out.getvalue().count("\n") == 3


def test_a_peer_that_is_unknown_is_a_dash() -> None:
    assert " - GET " in Written("text").add(peer=None)
