"""The reports that programs read: JUnit for CI servers, SARIF for code scanning, annotations for GitHub."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree

from ..evidence import FAILED, UNTESTED, Record
from .text import why_untested

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit(record: Record) -> str:
    """A suite of the service, with a case for each aspect of each operation. What was not tested is skipped."""
    cases = [(row, *found) for row in record["operations"] for found in row["aspects"].items()]
    states = [found["state"] for _, _, found in cases]
    suite = ElementTree.Element(
        "testsuite",
        name=f"mockserver check {record['service']}",
        tests=str(len(cases)),
        failures=str(states.count(FAILED)),
        errors="0",
        skipped=str(states.count(UNTESTED)),
        time=str(record["seconds"]),
    )
    for row, aspect, found in cases:
        case = ElementTree.SubElement(suite, "testcase", classname=f"{record['service']}.{row['id']}", name=aspect)
        if found["state"] == FAILED:
            ElementTree.SubElement(case, "failure", message=_xml(found["why"])).text = _xml(_evidence(record, row))
        elif found["state"] == UNTESTED:
            ElementTree.SubElement(case, "skipped", message=_xml(f"NOT tested: {found['why']}"))
    ElementTree.indent(suite)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(suite, encoding="unicode") + "\n"


def sarif(record: Record) -> str:
    """SARIF 2.1.0: a rule for each kind of drift, a result for each new drift, at the document's operation."""
    fresh = list(_fresh(record))
    kinds = sorted({it["kind"] for it in fresh})
    driver = {"name": "mockserver check", "rules": [{"id": kind, "name": kind} for kind in kinds]}
    document = {"artifactLocation": {"uri": f"openapi/{record['service']}.yaml"}}
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
        for it in fresh
    ]
    run = {"tool": {"driver": driver}, "results": results}
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=1, ensure_ascii=False) + "\n"


def workflow_commands(record: Record) -> str:
    """GitHub's workflow commands: an error for each new drift, a warning for each operation that was not tested."""
    lines = [
        _command(
            "error", f"{record['service']}: {it['kind']}", f"{it['where']} {', '.join(it['operations'])}\n{it['curl']}"
        )
        for it in _fresh(record)
    ]
    lines += [
        _command("warning", f"{record['service']}: NOT tested", f"{row['id']}: {why_untested(row)}")
        for row in record["operations"]
        if row["state"] == UNTESTED
    ]
    return "".join(f"{line}\n" for line in lines)


def _fresh(record: Record) -> Iterator[Record]:
    return (it for it in record["drift"] if it["accepted"] is None)


def _evidence(record: Record, row: Record) -> str:
    return "\n".join(
        f"{it['kind']}: {it['where']}\n{it['curl']}" for it in _fresh(record) if row["id"] in it["operations"]
    )


def _command(level: str, title: str, message: str) -> str:
    return f"::{level} title={_escaped(title).replace(':', '%3A').replace(',', '%2C')}::{_escaped(message)}"


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _xml(text: Any) -> str:
    """A text without the characters that XML can't hold."""
    return _NO_XML.sub("�", str(text))
