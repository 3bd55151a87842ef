"""The reports of a run: their contents, their formats, their comparison, and the files of accepted differences."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from contract_tests.framework.accepted import AcceptedDifferences, InvalidAcceptFile, read
from contract_tests.framework.documents import operations
from contract_tests.framework.evidence import ASPECTS, FAILED, PROVEN, UNTESTED, Evidence
from contract_tests.framework.reporting.ci_formats import junit, sarif, workflow_commands
from contract_tests.framework.reporting.comparison import compare
from contract_tests.framework.reporting.page import html
from contract_tests.framework.reporting.text import markdown, summary
from contract_tests.framework.validation import Difference

CURL = "curl 'http://x/<script>'"


def report(extra: str = "") -> Any:
    """Returns the report of a run that has listed users and done nothing else.

    If `extra` is given, each user has an extra field of that name; the envelope then also lacks a field, which is
    accepted.
    """
    evidence = Evidence("jackson", AcceptedDifferences({("", "missing field", "200 /data"): "reviewed"}))
    list_users = operations("jackson")["listUsers"]
    evidence.add_response(list_users, 200, {"data": [{"id": "a", extra or "id": "a"}]}, CURL)
    evidence.add_outcome("authentication", ["listUsers"], PROVEN)
    if extra:
        differences = [Difference("extra field", f"200 /data/*/{extra}"), Difference("missing field", "200 /data")]
        assert evidence.add_differences(list_users, differences) == differences[:1]
    return evidence.report(deployment="http://x", seed=0, writes=False, interrupted=False, seconds=1.0)


def test_an_operation_that_was_never_called_is_not_tested() -> None:
    states = {row["id"]: row["state"] for row in report()["operations"]}
    assert states.pop("listUsers") == PROVEN
    assert set(states.values()) == {UNTESTED}
    assert "NOT tested:" in summary(report())


def test_an_operation_that_never_succeeded_is_not_tested() -> None:
    evidence = Evidence("jackson", AcceptedDifferences({}))
    evidence.add_response(operations("jackson")["listUsers"], 404, {}, CURL)
    evidence.add_outcome("refusals", ["listUsers"], PROVEN)
    states = {row["id"]: row["state"] for row in evidence.report()["operations"]}
    assert states["listUsers"] == UNTESTED


def test_junit_has_a_case_for_each_aspect_of_each_operation() -> None:
    suite = ElementTree.fromstring(junit(report("extra")))
    cases = suite.findall("testcase")
    assert len(cases) == int(suite.attrib["tests"]) == len(operations("jackson")) * len(ASPECTS)
    (failed,) = [case for case in cases if case.find("failure") is not None]
    assert failed.attrib == {"classname": "jackson.listUsers", "name": "schema"}
    assert len(suite.findall("testcase/skipped")) == int(suite.attrib["skipped"])


def test_sarif_has_a_result_for_each_unaccepted_difference() -> None:
    (run,) = json.loads(sarif(report("extra")))["runs"]
    (result,) = run["results"]
    assert result["ruleId"] in [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert result["locations"][0]["logicalLocations"][0]["name"] == "listUsers"


def test_a_workflow_command_is_one_line() -> None:
    first, *others = workflow_commands(report("extra")).splitlines()
    assert first.startswith("::error title=jackson%3A extra field::200 /data/*/extra listUsers%0Acurl")
    assert all(line.startswith("::warning title=jackson%3A NOT tested::") for line in others)


def test_the_html_page_escapes_text_and_loads_nothing() -> None:
    page = html(report("extra"))
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert not any(it in page for it in ("<link", "<img", "@import"))


def test_all_reports_show_what_failed() -> None:
    for render in (summary, markdown, html):
        assert "/data/*/extra" in render(report("extra"))
    assert [row["state"] for row in report("extra")["operations"]].count(FAILED) == 1


def test_a_comparison_shows_a_field_that_only_one_run_has_seen() -> None:
    assert compare(report(), report()) == []
    disagreements = compare(report(), report("more"))
    sides = {(it["operation"], it["what"]): (it["there"], it["here"]) for it in disagreements}
    assert sides["listUsers", "200 /data/*/more string"] == ("lacks it", "has it")
    assert sides["listUsers", "schema"] == (PROVEN, FAILED)


def test_a_comparison_shows_an_operation_that_the_other_report_lacks() -> None:
    shorter = copy.deepcopy(report())
    shorter["operations"] = shorter["operations"][1:]
    assert [it["what"] for it in compare(shorter, report())] == ["the operation"]


@pytest.mark.parametrize("text", ["{", "a: 1", "- kind: other status", "- {kind: a, where: b, why: ''}", "- [1]"])
def test_a_malformed_file_of_accepted_differences_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "accepted.yaml"
    file.write_text(text)
    with pytest.raises(InvalidAcceptFile, match=r"accepted\.yaml"):
        read(file)
