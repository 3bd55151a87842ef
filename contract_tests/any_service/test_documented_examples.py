"""The examples on the vendors' pages: the same request gets the same response, each in a new world."""

from __future__ import annotations

from typing import Any

import pytest

from ..framework.json_differences import json_differences
from ..framework.session import OpenSession

pytestmark = pytest.mark.proves("example")


def test_the_example_is_answered_as_the_page_shows(
    open_session: OpenSession, service: str, example: dict[str, Any]
) -> None:
    request, expected = example["request"], example["response"]
    session = open_session(service, example.get("scenario", "documented"))
    response = session.send(request["method"], request["path"], request.get("body"), request.get("headers"))
    if not session.is_mock and response.status_code == 404 != expected["status"]:
        pytest.skip("the deployment does not hold the data of the vendor's page")
    assert response.status_code == expected["status"]
    if not session.is_mock:
        return  # a real deployment has other data; that the response matches the document is already validated
    if expected.get("type"):
        assert response.headers["content-type"].partition(";")[0] == expected["type"]
    generated = example.get("generated", ())
    if "text" in expected:
        assert _matches(response.text, expected["text"], is_generated="" in generated)
    elif expected.get("body") is not None:
        body = _excerpt(response.json(), expected["body"]) if example.get("excerpt") else response.json()
        assert list(json_differences(expected["body"], body, generated)) == []
    else:
        assert response.content == b""


def _matches(actual: str, expected: str, is_generated: bool) -> bool:
    return len(actual) == len(expected) if is_generated else actual == expected


def _excerpt(actual: Any, expected: Any) -> Any:
    """Returns the items of the actual list that the expected one contains, in the same order."""
    by_id = {item["id"]: item for item in actual}
    return [by_id.get(item["id"]) for item in expected]
