"""The real product compared with the documents: `deployments/polis/differences.json` lists every difference.

The same requests go to the mock, which must answer each as the document shows. So the list says exactly where a program
that was written against the mock meets something else.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ..framework.json_differences import json_differences
from ..framework.plain_http import send
from ..framework.processes import DOCUMENTED, POLIS, Unavailable, mock, polis

PROBES = POLIS / "probes.json"
KNOWN = POLIS / "differences.json"


def load(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def differences_at(url: str) -> dict[str, list[str]]:
    """Returns how the responses of a deployment differ, by the name of the example.

    The first documented example creates a directory, and so comes after those that read.
    """
    examples = [*load(DOCUMENTED)[1:], load(DOCUMENTED)[0], *load(PROBES)]
    differences: dict[str, list[str]] = {}
    for example in examples:
        request, response = example["request"], example["response"]
        authorization = request.get("authorization", "Api-Key mock-admin")
        actual = send(url, request["method"], request["path"], request.get("body"), authorization)
        generated = [f"/body{pointer}" for pointer in example.get("generated", ())]
        lines = json_differences(
            {"status": response["status"], "body": response["body"]},
            {"status": actual.status, "body": actual.body},
            generated,
        )
        distinct = list(dict.fromkeys(lines))
        if distinct:
            differences[example["name"]] = distinct
    return differences


@pytest.fixture(scope="module")
def polis_url() -> Iterator[str]:
    try:
        with polis() as url:
            yield url
    except Unavailable as error:
        pytest.skip(f"the real product was NOT tested: {error}")


def test_the_mock_answers_as_the_document_shows() -> None:
    with mock("--scenario", "documented") as url:
        assert differences_at(url) == {}


def test_the_real_product_differs_from_the_document_exactly_as_listed(polis_url: str) -> None:
    assert differences_at(polis_url) == {entry["example"]: entry["differences"] for entry in load(KNOWN)}


def test_every_listed_difference_is_explained() -> None:
    assert all(entry["why"] for entry in load(KNOWN))
