"""The report as one HTML page. It contains no script and loads nothing."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from ..evidence import ACCEPTED, ASPECTS, FAILED, PROVEN, UNTESTED, Report
from .text import summary, why_untested

CLASSES = {PROVEN: "proven", FAILED: "failed", ACCEPTED: "accepted", UNTESTED: "untested"}

STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 78rem; padding: 0 1rem; color: #1c2733 }
table { border-collapse: collapse; width: 100% } th, td { text-align: left; padding: .3rem .6rem; vertical-align: top }
tr { border-bottom: 1px solid #d8dee4 } thead th { position: sticky; top: 0; background: #fff }
td small { display: block; color: #57606a; overflow-wrap: anywhere } code { overflow-wrap: anywhere }
.proven { color: #116329 } .failed { color: #b3202a; font-weight: 600 }
.accepted { color: #7d4e00 } .untested { color: #57606a; font-style: italic }
pre { background: #f3f5f7; padding: .7rem; overflow-x: auto; white-space: pre-wrap; overflow-wrap: anywhere }
"""


def html(report: Report) -> str:
    """Returns the page: the summary, the differences, and a table of all operations with their aspects."""
    title = escape(f"mockserver check {report['service']}")
    parts = [
        f'<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n<title>{title}</title>\n<style>{STYLE}</style>',
        f"<h1>{title}</h1>\n<pre>{escape(summary(report).strip())}</pre>",
        *_differences(report),
        "<h2>Operations</h2>\n<table>\n<thead><tr><th>operation<th>state",
        *(f"<th>{aspect}" for aspect in ASPECTS),
        "</tr></thead>",
        *(_row(row) for row in report["operations"]),
        "</table>\n</html>\n",
    ]
    return "\n".join(parts)


def _differences(report: Report) -> Iterator[str]:
    if report["drift"]:
        yield "<h2>Differences</h2>"
    for it in report["drift"]:
        state, note = (ACCEPTED, f" (accepted: {it['accepted']})") if it["accepted"] else (FAILED, "")
        title = f"{escape(it['kind'])}: <code>{escape(it['where'])}</code>{escape(note)}"
        yield f'<h3 class="{CLASSES[state]}">{title}</h3>'
        yield f"<p>{it['count']} times: {escape(', '.join(it['operations']))}</p><pre>{escape(it['curl'])}</pre>"


def _row(row: Report) -> str:
    name = f"<code>{escape(row['method'])} {escape(row['path'])}</code><small>{escape(row['id'])}</small>"
    cells = [(row["state"], why_untested(row) if row["state"] == UNTESTED else "")]
    cells += [(row["aspects"][aspect]["state"], row["aspects"][aspect]["why"]) for aspect in ASPECTS]
    columns = (f'<td class="{CLASSES[state]}">{state}<small>{escape(why)}</small>' for state, why in cells)
    return f"<tr><td>{name}{''.join(columns)}</tr>"
