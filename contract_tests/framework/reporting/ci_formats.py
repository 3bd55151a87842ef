"""The reports for other programs: JUnit for CI servers, SARIF for code scanning, workflow commands for GitHub."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree

from ..evidence import FAILED, UNTESTED, Report
from .text import why_untested

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit(report: Report) -> str:
    """Returns a JUnit suite with a case for each aspect of each operation. What was NOT tested is a skipped case."""
    cases = [(row, *aspect) for row in report["operations"] for aspect in row["aspects"].items()]
    states = [aspect["state"] for _, _, aspect in cases]
    suite = ElementTree.Element(
        "testsuite",
        name=f"mockserver check {report['service']}",
        tests=str(len(cases)),
        failures=str(states.count(FAILED)),
        errors="0",
        skipped=str(states.count(UNTESTED)),
        time=str(report["seconds"]),
    )
    for row, name, aspect in cases:
        case = ElementTree.SubElement(suite, "testcase", classname=f"{report['service']}.{row['id']}", name=name)
        if aspect["state"] == FAILED:
            failure = ElementTree.SubElement(case, "failure", message=_xml(aspect["why"]))
            failure.text = _xml(_differences_of(report, row))
        elif aspect["state"] == UNTESTED:
            ElementTree.SubElement(case, "skipped", message=_xml(f"NOT tested: {aspect['why']}"))
    ElementTree.indent(suite)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(suite, encoding="unicode") + "\n"


def sarif(report: Report) -> str:
    """Returns SARIF 2.1.0: a rule for each kind of difference, and a result for each unaccepted difference."""
    differences = list(_unaccepted(report))
    kinds = sorted({it["kind"] for it in differences})
    driver = {"name": "mockserver check", "rules": [{"id": kind, "name": kind} for kind in kinds]}
    document = {"artifactLocation": {"uri": f"openapi/{report['service']}.yaml"}}
    results = [
        {
            "ruleId": it["kind"],
            "level": "error",
            "message": {"text": f"{it['kind']}: {it['where']}\n{it['curl']}"},
            "locations": [
                {
                    "physicalLocation": document,
                    "logicalLocations": [{"name": name, "kind": "function"} for name in it["operations"] if name],
                }
            ],
        }
        for it in differences
    ]
    run = {"tool": {"driver": driver}, "results": results}
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=1, ensure_ascii=False) + "\n"


def workflow_commands(report: Report) -> str:
    """Returns GitHub's workflow commands: errors for unaccepted differences, warnings for what was NOT tested."""
    service = report["service"]
    lines = [
        _command("error", f"{service}: {it['kind']}", f"{it['where']} {', '.join(it['operations'])}\n{it['curl']}")
        for it in _unaccepted(report)
    ]
    lines += [
        _command("warning", f"{service}: NOT tested", f"{row['id']}: {why_untested(row)}")
        for row in report["operations"]
        if row["state"] == UNTESTED
    ]
    return "".join(f"{line}\n" for line in lines)


def _unaccepted(report: Report) -> Iterator[Report]:
    return (it for it in report["drift"] if it["accepted"] is None)


def _differences_of(report: Report, row: Report) -> str:
    """Returns the differences of an operation that are not accepted, each with a curl command."""
    return "\n".join(
        f"{it['kind']}: {it['where']}\n{it['curl']}" for it in _unaccepted(report) if row["id"] in it["operations"]
    )


def _command(level: str, title: str, message: str) -> str:
    return f"::{level} title={_escaped(title).replace(':', '%3A').replace(',', '%2C')}::{_escaped(message)}"


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _xml(text: Any) -> str:
    """Returns a text without the characters that XML can't contain."""
    return _NO_XML.sub("�", str(text))
