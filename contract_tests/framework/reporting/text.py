"""The reports that people read as text: the terminal's summary, and Markdown for a CI's summary."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from ..evidence import ACCEPTED, ASPECTS, FAILED, PROVEN, UNTESTED, Record

SIGNS = {PROVEN: "✓", FAILED: "✗", ACCEPTED: "≈", UNTESTED: "·"}


def summary(record: Record) -> str:
    """What came of a run: the figures, then what failed, what drifted and what was not tested."""
    return "\n".join([*_head(record), *_drift(record), *_untested(record), _verdict(record), ""])


def comparison(parted: Sequence[Record], other: str) -> str:
    """Where two runs part, one line for each difference."""
    lines = [f"\ncompared with {other}: " + (f"{len(parted)} differences" if parted else "no difference")]
    lines += [f"  {it['operation']}: {it['what']}: there {it['there']}, here {it['here']}" for it in parted]
    return "\n".join(lines) + "\n"


def markdown(record: Record) -> str:
    """A page for a CI's summary: the figures, a table of all operations, the drift."""
    lines = [f"## {record['service']}: {_sentence(record)}", "", f"{record['deployment']}. {_verdict(record)}", ""]
    lines += ["| operation | state | " + " | ".join(ASPECTS) + " |", "|---" * (len(ASPECTS) + 2) + "|"]
    for row in record["operations"]:
        signs = [SIGNS[row["aspects"][aspect]["state"]] for aspect in ASPECTS]
        lines.append(f"| `{row['method']} {row['path']}` {row['id']} | {row['state']} | " + " | ".join(signs) + " |")
    lines += ["", " ".join(f"{sign} {state}" for state, sign in SIGNS.items()), ""]
    for it in record["drift"]:
        state = f" (accepted: {it['accepted']})" if it["accepted"] else ""
        lines += [f"### {it['kind']}: `{it['where']}`{state}", ", ".join(it["operations"])]
        lines += ["", "```sh", it["curl"], "```", ""]
    return "\n".join(lines) + "\n"


def why_untested(row: Record) -> str:
    """Why an operation as a whole is not tested."""
    reasons: dict[str, Any] = {}
    for aspect in ("example", "lifecycle", "schema"):
        reasons.setdefault(row["aspects"][aspect]["why"], None)
    return "; ".join(reason for reason in reasons if reason)


def _head(record: Record) -> Iterator[str]:
    yield f"\n{record['service']}: {record['deployment']}"
    yield f"  {_sentence(record)}; {record['requests']} requests in {record['seconds']} s"
    reached = [count > 0 for row in record["operations"] for count in row["statuses"].values()]
    for aspect in ASPECTS:
        if aspect == "statuses":
            yield f"    {aspect:15} {sum(reached)} of {len(reached)} documented statuses reached"
            continue
        states = [row["aspects"][aspect]["state"] for row in record["operations"]]
        counted = ", ".join(f"{states.count(state)} {state}" for state in SIGNS if state in states)
        yield f"    {aspect:15} {counted}"


def _drift(record: Record) -> Iterator[str]:
    for fresh, title in ((True, "differs from the document:"), (False, "differs in accepted ways:")):
        found = [it for it in record["drift"] if (it["accepted"] is None) is fresh]
        if found:
            yield f"  {title}"
        for it in found:
            yield f"    {it['kind']}: {it['where']}, {it['count']} times: {', '.join(it['operations'])}"
            yield f"      {it['curl'] if fresh else it['accepted']}"


def _untested(record: Record) -> Iterator[str]:
    rows = [row for row in record["operations"] if row["state"] == UNTESTED]
    if rows:
        yield "  NOT tested:"
    for row in rows:
        yield f"    {row['method']} {row['path']} ({row['id']}): {why_untested(row)}"


def _sentence(record: Record) -> str:
    counted = ", ".join(f"{count} {state}" for state, count in record["totals"].items() if count)
    return f"{len(record['operations'])} operations: {counted}"


def _verdict(record: Record) -> str:
    totals = record["totals"]
    if record["interrupted"]:
        return "  INTERRUPTED: what is not shown as proven was not tested."
    if totals[FAILED] or any(it["accepted"] is None for it in record["drift"]):
        return "  It does NOT conform."
    if not totals[PROVEN] and not totals[ACCEPTED]:
        return "  NOTHING could be tested."
    rest = f", as far as it was tested: {totals[UNTESTED]} of the operations were NOT" if totals[UNTESTED] else ""
    return f"  It conforms{rest}."
