"""The reports are what their readers can read, and they compare."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from contract_tests.framework.acceptance import Acceptance, InvalidAcceptance, read
from contract_tests.framework.documents import operations
from contract_tests.framework.evidence import ASPECTS, FAILED, PROVEN, UNTESTED, Evidence
from contract_tests.framework.judge import Difference
from contract_tests.framework.reporting.comparison import partings
from contract_tests.framework.reporting.exchange_formats import junit, sarif, workflow_commands
from contract_tests.framework.reporting.page import html
from contract_tests.framework.reporting.text import markdown, summary

CURL = "curl 'http://x/<script>'"


def record(name: str = "") -> Any:
    """Of a run that read users, whose answers have an extra field of that name, and did nothing else."""
    evidence = Evidence("jackson", Acceptance({("", "missing field", "200 /data"): "reviewed"}))
    users = operations("jackson")["listUsers"]
    evidence.answered(users, 200, {"data": [{"id": "a", name or "id": "a"}]}, CURL)
    evidence.outcome("authentication", ["listUsers"], PROVEN)
    if name:
        found = [Difference("extra field", f"200 /data/*/{name}"), Difference("missing field", "200 /data")]
        assert evidence.differs(users, found) == found[:1]
    about = {"deployment": "http://x", "seed": 0, "writes": False, "interrupted": False, "seconds": 1.0}
    return evidence.record(**about)


def test_what_was_never_asked_is_not_proven() -> None:
    states = {row["id"]: row["state"] for row in record()["operations"]}
    assert states.pop("listUsers") == PROVEN
    assert set(states.values()) == {UNTESTED}
    assert "NOT tested:" in summary(record())


def test_an_operation_that_never_succeeded_is_not_proven() -> None:
    evidence = Evidence("jackson", Acceptance({}))
    evidence.answered(operations("jackson")["listUsers"], 404, {}, CURL)
    evidence.outcome("refusals", ["listUsers"], PROVEN)
    states = {row["id"]: row["state"] for row in evidence.record()["operations"]}
    assert states["listUsers"] == UNTESTED


def test_junit_has_a_case_for_each_aspect_of_each_operation() -> None:
    suite = ElementTree.fromstring(junit(record("extra")))
    cases = suite.findall("testcase")
    assert len(cases) == int(suite.attrib["tests"]) == len(operations("jackson")) * len(ASPECTS)
    (failed,) = [case for case in cases if case.find("failure") is not None]
    assert failed.attrib == {"classname": "jackson.listUsers", "name": "schema"}
    assert len(suite.findall("testcase/skipped")) == int(suite.attrib["skipped"])


def test_sarif_has_a_result_for_each_new_difference() -> None:
    (run,) = json.loads(sarif(record("extra")))["runs"]
    (result,) = run["results"]
    assert result["ruleId"] in [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert result["locations"][0]["logicalLocations"][0]["name"] == "listUsers"


def test_an_annotation_is_one_line() -> None:
    first, *others = workflow_commands(record("extra")).splitlines()
    assert first.startswith("::error title=jackson%3A extra field::200 /data/*/extra listUsers%0Acurl")
    assert all(line.startswith("::warning title=jackson%3A NOT tested::") for line in others)


def test_the_page_shows_text_as_text_and_needs_nothing_else() -> None:
    page = html(record("extra"))
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert not any(it in page for it in ("<link", "<img", "@import"))


def test_all_reports_tell_what_failed() -> None:
    for report in (summary, markdown, html):
        assert "/data/*/extra" in report(record("extra"))
    assert [row["state"] for row in record("extra")["operations"]].count(FAILED) == 1


def test_runs_part_where_one_answers_with_a_field_that_the_other_has_not() -> None:
    assert partings(record(), record()) == []
    found = {(it["operation"], it["what"]): (it["there"], it["here"]) for it in partings(record(), record("more"))}
    assert found["listUsers", "200 /data/*/more string"] == ("lacks it", "has it")
    assert found["listUsers", "schema"] == (PROVEN, FAILED)


def test_runs_part_where_one_reached_less() -> None:
    less = copy.deepcopy(record())
    less["operations"] = less["operations"][1:]
    assert [it["what"] for it in partings(less, record())] == ["the operation"]


@pytest.mark.parametrize("text", ["{", "a: 1", "- kind: other status", "- {kind: a, where: b, why: ''}", "- [1]"])
def test_what_is_accepted_is_said_in_full(tmp_path: Path, text: str) -> None:
    file = tmp_path / "accepted.yaml"
    file.write_text(text)
    with pytest.raises(InvalidAcceptance, match=r"accepted\.yaml"):
        read(file)
