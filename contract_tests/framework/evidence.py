"""What a run proves, operation by operation: the one record that every report is made from.

An operation that never answered with success is NOT tested, however many tests passed around it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from .acceptance import Acceptance
from .documents import Operation, exchanges, operations
from .judge import Difference

Record = dict[str, Any]
"""A run as JSON: see `Evidence.record`."""

PROVEN, FAILED, ACCEPTED, UNTESTED = "proven", "failed", "accepted", "NOT tested"

ASPECTS = {
    "example": "no example of the vendor's page was played",
    "schema": "it never answered with success",
    "statuses": "",
    "refusals": "no wrong request was sent",
    "authentication": "no request without a good credential was sent",
    "lifecycle": "no test makes something that leads here",
}
"""What can be proven of an operation, and why it is not where no test says more."""


@dataclass
class Drift:
    """One cause by which a deployment differs, and the smallest request that shows it, as a curl."""

    difference: Difference
    why_accepted: str | None
    curl: str = ""
    count: int = 0
    operations: set[str] = field(default_factory=set)


class Evidence:
    """Gathers what happens while one service is tested."""

    def __init__(self, service: str, acceptance: Acceptance) -> None:
        self.service = service
        self.requests = 0
        self.acceptance = acceptance
        self.drift: dict[tuple[Difference, bool], Drift] = {}
        self.touched: set[str] = set()
        self.last_curl = ""
        self.excuse = ""
        self._statuses: dict[str, Counter[str]] = defaultdict(Counter)
        self._shapes: dict[tuple[str, str], set[str]] = defaultdict(set)
        self._outcomes: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)

    def begin_test(self) -> None:
        """What is touched from now on belongs to another test."""
        self.touched = set()
        self.last_curl = ""
        self.excuse = ""

    def answered(self, operation: Operation | None, status: int, body: Any, curl: str) -> None:
        """Takes down an exchange. `body` is JSON or None."""
        self.requests += 1
        self.last_curl = curl
        if operation is not None:
            self.excuse = ""
            self.touched.add(operation.id)
            self._statuses[operation.id][str(status)] += 1
            if status < 300:
                self._shapes[operation.id, str(status)].update(_shape(body))

    def differs(self, operation: Operation | None, found: Iterable[Difference]) -> list[Difference]:
        """Takes down how the last answer differs, and gives the differences that nobody has accepted."""
        name = operation.id if operation else ""
        fresh = []
        for difference in found:
            accepted = self._drifts(name, difference)
            said = f"{difference.kind}: {difference.where}"
            self.outcome("schema", [name], ACCEPTED if accepted else FAILED, said)
            if not accepted:
                fresh.append(difference)
            elif difference.kind == "other status":
                self.excuse = said  # a test that expected another one fails as well, for no other reason
        return fresh

    def behaves(self, names: Iterable[str], difference: Difference) -> bool:
        """Takes down what a test found of operations beside their answers' form; whether that is new."""
        accepted = [self._drifts(name, difference) for name in names or [""]]
        return not all(accepted)

    def _drifts(self, name: str, difference: Difference) -> bool:
        """Takes down a difference that the last request showed; whether it is accepted."""
        why = self.acceptance.why(name, difference.kind, difference.where)
        drift = self.drift.setdefault((difference, why is None), Drift(difference, why))
        drift.count += 1
        drift.operations.add(name)
        if self.last_curl and (not drift.curl or len(self.last_curl) < len(drift.curl)):
            drift.curl = self.last_curl
        return why is not None

    def outcome(self, aspect: str, names: Iterable[str], state: str, why: str = "") -> None:
        """Takes down what a test said of operations."""
        for name in names:
            self._outcomes[name, aspect].append((state, why))

    def record(self, **about: Any) -> Record:
        """All of it: `about`, `operations` (id, method, path, state, aspects, statuses, answers), `drift`, `totals`."""
        rows = [self._row(it) for it in operations(self.service).values()]
        totals = Counter(row["state"] for row in rows)
        drift = [
            {
                "kind": it.difference.kind,
                "where": it.difference.where,
                "operations": sorted(it.operations),
                "count": it.count,
                "accepted": it.why_accepted,
                "curl": it.curl,
            }
            for it in sorted(self.drift.values(), key=lambda it: (it.difference, it.why_accepted or ""))
        ]
        return {
            "service": self.service,
            **about,
            "requests": self.requests,
            "totals": {state: totals[state] for state in (PROVEN, ACCEPTED, FAILED, UNTESTED)},
            "operations": rows,
            "drift": drift,
        }

    def _row(self, operation: Operation) -> Record:
        statuses = {status: self._statuses[operation.id][status] for status in operation.definition["responses"]}
        aspects = {name: self._aspect(operation, name, statuses) for name in ASPECTS}
        states = {aspect["state"] for aspect in aspects.values()}
        if FAILED in states:
            state = FAILED
        elif not self._at_work(operation):
            state = UNTESTED
        else:
            state = ACCEPTED if ACCEPTED in states else PROVEN
        return {
            "id": operation.id,
            "method": operation.method,
            "path": operation.template,
            "state": state,
            "aspects": aspects,
            "statuses": statuses,
            "answers": {
                status: sorted(shape) for (name, status), shape in sorted(self._shapes.items()) if name == operation.id
            },
        }

    def _aspect(self, operation: Operation, name: str, statuses: Mapping[str, int]) -> Record:
        outcomes = self._outcomes[operation.id, name]
        found = {state for state, _ in outcomes}
        if name == "statuses":
            missing = [status for status, count in statuses.items() if not count]
            return {"state": UNTESTED if missing else PROVEN, "why": _listed("not reached: ", missing)}
        if name == "schema" and self._at_work(operation):
            found.add(PROVEN)
        state = next((it for it in (FAILED, ACCEPTED, PROVEN) if it in found), UNTESTED)
        why = _listed("", dict.fromkeys(why for _, why in outcomes if why))
        return {"state": state, "why": why or (self._default(operation, name) if state == UNTESTED else "")}

    def _at_work(self, operation: Operation) -> bool:
        """Whether it answered with success, or, where the document knows of none, with any documented status."""
        seen, documented = self._statuses[operation.id], operation.definition["responses"]
        if any(status.startswith("2") for status in documented):
            return any(status.startswith("2") for status in seen)
        return any(status in seen for status in documented)

    def _default(self, operation: Operation, name: str) -> str:
        if name == "example" and all(it["operation"] != operation.id for it in exchanges(self.service)):
            return "the vendor's page shows no example"
        return ASPECTS[name]


def _listed(before: str, items: Iterable[str]) -> str:
    text = ", ".join(items)
    return before + text if text else ""


def _shape(body: Any, pointer: str = "") -> Iterator[str]:
    """Which fields an answer has, and of which type: `/data/*/id string`."""
    names = {dict: "object", list: "array", str: "string", bool: "boolean", int: "number", float: "number"}
    yield f"{pointer or '/'} {names.get(type(body), 'null')}"
    if isinstance(body, dict):
        for name, value in body.items():
            yield from _shape(value, f"{pointer}/{name}")
    elif isinstance(body, list):
        for value in body:
            yield from _shape(value, f"{pointer}/*")
