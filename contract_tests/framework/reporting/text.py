"""The reports in plain text: the summary for a terminal, and Markdown for the summary page of a CI server."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..evidence import ACCEPTED, ASPECTS, FAILED, PROVEN, UNTESTED, Report

SIGNS = {PROVEN: "✓", FAILED: "✗", ACCEPTED: "≈", UNTESTED: "·"}


def summary(report: Report) -> str:
    """Returns the summary: figures, differences, operations that were NOT tested, verdict."""
    return "\n".join([*_figures(report), *_differences(report), *_untested(report), f"  {_verdict(report)}", ""])


def comparison(disagreements: Sequence[Report], other: str) -> str:
    """Returns where this report disagrees with another one, in one line for each disagreement."""
    figure = f"{len(disagreements)} differences" if disagreements else "no difference"
    lines = [f"\ncompared with {other}: {figure}"]
    lines += [f"  {it['operation']}: {it['what']}: there {it['there']}, here {it['here']}" for it in disagreements]
    return "\n".join(lines) + "\n"


def markdown(report: Report) -> str:
    """Returns a page in Markdown: figures, verdict, a table of all operations, and the differences."""
    lines = [f"## {report['service']}: {_totals(report)}", "", f"{report['deployment']}. {_verdict(report)}", ""]
    lines += ["| operation | state | " + " | ".join(ASPECTS) + " |", "|---" * (len(ASPECTS) + 2) + "|"]
    for row in report["operations"]:
        signs = [SIGNS[row["aspects"][aspect]["state"]] for aspect in ASPECTS]
        lines.append(f"| `{row['method']} {row['path']}` {row['id']} | {row['state']} | " + " | ".join(signs) + " |")
    lines += ["", " ".join(f"{sign} {state}" for state, sign in SIGNS.items()), ""]
    for it in report["drift"]:
        note = f" (accepted: {it['accepted']})" if it["accepted"] else ""
        lines += [f"### {it['kind']}: `{it['where']}`{note}", ", ".join(it["operations"])]
        lines += ["", "```sh", it["curl"], "```", ""]
    return "\n".join(lines) + "\n"


def why_untested(row: Report) -> str:
    """Returns why an operation as a whole is NOT tested."""
    reasons = dict.fromkeys(row["aspects"][aspect]["why"] for aspect in ("example", "lifecycle", "schema"))
    return "; ".join(reason for reason in reasons if reason)


def _figures(report: Report) -> Iterator[str]:
    yield f"\n{report['service']}: {report['deployment']}"
    yield f"  {_totals(report)}; {report['requests']} requests in {report['seconds']} s"
    reached = [count > 0 for row in report["operations"] for count in row["statuses"].values()]
    for aspect in ASPECTS:
        if aspect == "statuses":
            yield f"    {aspect:15} {sum(reached)} of {len(reached)} documented statuses reached"
            continue
        states = [row["aspects"][aspect]["state"] for row in report["operations"]]
        counts = ", ".join(f"{states.count(state)} {state}" for state in SIGNS if state in states)
        yield f"    {aspect:15} {counts}"


def _differences(report: Report) -> Iterator[str]:
    unaccepted = [it for it in report["drift"] if it["accepted"] is None]
    accepted = [it for it in report["drift"] if it["accepted"] is not None]
    for title, differences, detail in (
        ("differences from the document:", unaccepted, "curl"),
        ("accepted differences:", accepted, "accepted"),
    ):
        if differences:
            yield f"  {title}"
        for it in differences:
            yield f"    {it['kind']}: {it['where']}, {it['count']} times: {', '.join(it['operations'])}"
            yield f"      {it[detail]}"


def _untested(report: Report) -> Iterator[str]:
    rows = [row for row in report["operations"] if row["state"] == UNTESTED]
    if rows:
        yield "  NOT tested:"
    for row in rows:
        yield f"    {row['method']} {row['path']} ({row['id']}): {why_untested(row)}"


def _totals(report: Report) -> str:
    totals = ", ".join(f"{count} {state}" for state, count in report["totals"].items() if count)
    return f"{len(report['operations'])} operations: {totals}"


def _verdict(report: Report) -> str:
    totals = report["totals"]
    if report["interrupted"]:
        return "INTERRUPTED: this report shows only what was tested until then."
    if totals[FAILED] or any(it["accepted"] is None for it in report["drift"]):
        return "The deployment does NOT conform."
    if not totals[PROVEN] and not totals[ACCEPTED]:
        return "NOTHING could be tested."
    if totals[UNTESTED]:
        return f"The deployment conforms as far as it was tested: {totals[UNTESTED]} of the operations were NOT."
    return "The deployment conforms."
