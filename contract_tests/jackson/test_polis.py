"""The real product against the documents: every difference is named in `deployments/polis/drift.json`.

The same requests go to the mock, which must answer each as the document has it. So the list says where, and only where,
a program that was written against the mock meets something else.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from ..framework.drift import differences
from ..framework.exchanges import Exchange, ask
from ..framework.processes import DOCUMENTED, POLIS, Unavailable, mock, polis

PROBES = POLIS / "probes.json"
DRIFT = POLIS / "drift.json"


def load(path: Any) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def found(url: str) -> dict[str, list[str]]:
    """How a deployment's answers differ, by the name of the exchange. What changes data comes last."""
    exchanges = [*load(DOCUMENTED)[1:], load(DOCUMENTED)[0], *load(PROBES)]
    drift: dict[str, list[str]] = {}
    for exchange in exchanges:
        request, response = exchange["request"], exchange["response"]
        authorization = request.get("authorization", "Api-Key mock-admin")
        answer = ask(url, Exchange(request["method"], request["path"], request.get("body"), authorization))
        expected = {"status": response["status"], "body": response["body"]}
        answered = {"status": answer.status, "body": answer.body}
        generated = [f"/body{pointer}" for pointer in exchange.get("generated", ())]
        named = list(dict.fromkeys(differences(expected, answered, generated)))
        if named:
            drift[exchange["name"]] = named
    return drift


@pytest.fixture(scope="module")
def polis_url() -> Iterator[str]:
    try:
        with polis() as url:
            yield url
    except Unavailable as error:
        pytest.skip(f"the real product was NOT tested: {error}")


def test_the_mock_answers_as_the_document_has_it() -> None:
    with mock("--scenario", "documented") as url:
        assert found(url) == {}


def test_the_real_product_differs_from_the_document_in_the_named_ways_and_no_other(polis_url: str) -> None:
    named = {entry["exchange"]: entry["differences"] for entry in load(DRIFT)}
    assert found(polis_url) == named


def test_every_named_difference_says_why() -> None:
    assert all(entry["why"] for entry in load(DRIFT))
