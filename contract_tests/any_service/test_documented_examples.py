"""The vendor pages' examples, each in a fresh world: the same request gets the same answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ..framework.deployment import Deployment
from ..framework.drift import differences

pytestmark = pytest.mark.proves("example")


def test_the_example_is_answered_as_the_page_shows(
    deployment_of: Callable[[str], Deployment], service: str, exchange: dict[str, Any]
) -> None:
    asked, shown = exchange["request"], exchange["response"]
    deployment = deployment_of(service).fresh(exchange.get("scenario", "documented"))
    answer = deployment.send(asked["method"], asked["path"], asked.get("body"), asked.get("headers"))
    if not deployment.is_mock and answer.status_code == 404 != shown["status"]:
        pytest.skip("the deployment does not hold the data of the vendor's page")
    assert answer.status_code == shown["status"]
    if not deployment.is_mock:
        return  # its data are its own; that they are of the right form has been judged
    if shown.get("type"):
        assert answer.headers["content-type"].partition(";")[0] == shown["type"]
    if "text" in shown:
        assert _like(answer.text, shown["text"], generated="" in exchange.get("generated", ()))
    elif shown.get("body") is not None:
        found = _excerpt(answer.json(), shown["body"]) if exchange.get("excerpt") else answer.json()
        assert list(differences(shown["body"], found, exchange.get("generated", ()))) == []
    else:
        assert answer.content == b""


def _like(answered: str, shown: str, generated: bool) -> bool:
    return len(answered) == len(shown) if generated else answered == shown


def _excerpt(answered: Any, shown: Any) -> Any:
    """The items of a list that the page shows, in the page's order."""
    by_id = {item["id"]: item for item in answered}
    return [by_id.get(item["id"]) for item in shown]
