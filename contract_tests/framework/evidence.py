"""The evidence of a run: what happened to each operation of a service. Every report is made from it.

An operation that never succeeded is NOT tested, however many tests passed around it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from .accepted import AcceptedDifferences
from .documents import DocumentedOperation, documented_examples, operations
from .validation import Difference

Report = dict[str, Any]
"""The report of a run, or a part of it, as JSON. See `Evidence.report`."""

PROVEN, FAILED, ACCEPTED, UNTESTED = "proven", "failed", "accepted", "NOT tested"

ASPECTS = {
    "example": "no example from the vendor's page was sent",
    "schema": "it never succeeded",
    "statuses": "",
    "refusals": "no invalid request was sent",
    "authentication": "no request without a valid credential was sent",
    "lifecycle": "no test creates what it applies to",
}
"""What can be proven of an operation, and the reason why it is NOT tested if no test gives another."""


@dataclass
class ObservedDifference:
    """A difference as a run has met it: where, how often, and the shortest request that shows it, as a curl command."""

    difference: Difference
    accepted: str | None
    """Why the difference is accepted; None if it is not."""
    curl: str = ""
    count: int = 0
    operations: set[str] = field(default_factory=set)


class Evidence:
    """Collects what happens while one service is tested."""

    def __init__(self, service: str, accepted: AcceptedDifferences) -> None:
        self.service = service
        self.called: set[str] = set()
        """The operations that the current test has called."""
        self.accepted_status = ""
        """Describes the last response if its status is an accepted difference.

        A test that expected another status then fails for no other reason.
        """
        self._accepted = accepted
        self._observed: dict[tuple[Difference, bool], ObservedDifference] = {}
        self._requests = 0
        self._last_curl = ""
        self._statuses: dict[str, Counter[str]] = defaultdict(Counter)
        self._fields: dict[tuple[str, str], set[str]] = defaultdict(set)
        self._outcomes: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)

    def begin_test(self) -> None:
        """Forgets what the previous test has called."""
        self.called = set()
        self.accepted_status = ""
        self._last_curl = ""

    def add_response(self, operation: DocumentedOperation | None, status: int, body: Any, curl: str) -> None:
        """Adds a response. `body` is JSON, or None; `curl` is the request."""
        self._requests += 1
        self._last_curl = curl
        if operation is not None:
            self.accepted_status = ""
            self.called.add(operation.id)
            self._statuses[operation.id][str(status)] += 1
            if status < 300:
                self._fields[operation.id, str(status)].update(_fields(body))

    def add_differences(
        self, operation: DocumentedOperation | None, differences: Iterable[Difference]
    ) -> list[Difference]:
        """Adds the differences of the last response. Returns those that are not accepted."""
        name = operation.id if operation else ""
        unaccepted = []
        for difference in differences:
            accepted = self._observe(name, difference)
            description = f"{difference.kind}: {difference.where}"
            self.add_outcome("schema", [name], ACCEPTED if accepted else FAILED, description)
            if not accepted:
                unaccepted.append(difference)
            elif difference.kind == "other status":
                self.accepted_status = description
        return unaccepted

    def add_behaviour(self, names: Iterable[str], difference: Difference) -> bool:
        """Adds a difference in the behaviour of operations, which a test has found. Returns whether it is accepted."""
        accepted = [self._observe(name, difference) for name in names or [""]]
        return all(accepted)

    def add_outcome(self, aspect: str, names: Iterable[str], state: str, why: str = "") -> None:
        """Adds the outcome of a test for an aspect of operations."""
        for name in names:
            self._outcomes[name, aspect].append((state, why))

    def report(self, **facts: Any) -> Report:
        """Returns the JSON report: `service`, the `facts` about the run, `requests`, `totals`, `operations`, `drift`.

        An entry of `operations` has `id`, `method`, `path`, `state`, `aspects` (name → `state`, `why`), `statuses`
        (documented status → count) and `answers` (status → the fields of the bodies). An entry of `drift` is a
        difference: `kind`, `where`, `operations`, `count`, `accepted` (the reason, or null), `curl`.
        """
        rows = [self._row(operation) for operation in operations(self.service).values()]
        totals = Counter(row["state"] for row in rows)
        observed = sorted(self._observed.values(), key=lambda it: (it.difference, it.accepted or ""))
        return {
            "service": self.service,
            **facts,
            "requests": self._requests,
            "totals": {state: totals[state] for state in (PROVEN, ACCEPTED, FAILED, UNTESTED)},
            "operations": rows,
            "drift": [_difference_row(it) for it in observed],
        }

    def _observe(self, name: str, difference: Difference) -> bool:
        """Counts a difference that the last request has shown for an operation. Returns whether it is accepted."""
        reason = self._accepted.reason(name, difference.kind, difference.where)
        observed = self._observed.setdefault((difference, reason is None), ObservedDifference(difference, reason))
        observed.count += 1
        observed.operations.add(name)
        if self._last_curl and (not observed.curl or len(self._last_curl) < len(observed.curl)):
            observed.curl = self._last_curl
        return reason is not None

    def _row(self, operation: DocumentedOperation) -> Report:
        statuses = {status: self._statuses[operation.id][status] for status in operation.definition["responses"]}
        aspects = {name: self._aspect(operation, name, statuses) for name in ASPECTS}
        states = {aspect["state"] for aspect in aspects.values()}
        if FAILED in states:
            state = FAILED
        elif not self._has_succeeded(operation):
            state = UNTESTED
        else:
            state = ACCEPTED if ACCEPTED in states else PROVEN
        fields = sorted((status, sorted(it)) for (name, status), it in self._fields.items() if name == operation.id)
        return {
            "id": operation.id,
            "method": operation.method,
            "path": operation.template,
            "state": state,
            "aspects": aspects,
            "statuses": statuses,
            "answers": dict(fields),
        }

    def _aspect(self, operation: DocumentedOperation, name: str, statuses: Mapping[str, int]) -> Report:
        outcomes = self._outcomes[operation.id, name]
        states = {state for state, _ in outcomes}
        if name == "statuses":
            missing = [status for status, count in statuses.items() if not count]
            return {"state": UNTESTED if missing else PROVEN, "why": _listed("not reached: ", missing)}
        if name == "schema" and self._has_succeeded(operation):
            states.add(PROVEN)
        state = next((it for it in (FAILED, ACCEPTED, PROVEN) if it in states), UNTESTED)
        why = _listed("", dict.fromkeys(why for _, why in outcomes if why))
        return {"state": state, "why": why or (self._default_reason(operation, name) if state == UNTESTED else "")}

    def _has_succeeded(self, operation: DocumentedOperation) -> bool:
        """Returns whether an operation has returned a success, or any documented status if it documents no success."""
        seen, documented = self._statuses[operation.id], operation.definition["responses"]
        if any(status.startswith("2") for status in documented):
            return any(status.startswith("2") for status in seen)
        return any(status in seen for status in documented)

    def _default_reason(self, operation: DocumentedOperation, aspect: str) -> str:
        if aspect == "example" and all(it["operation"] != operation.id for it in documented_examples(self.service)):
            return "the vendor's page shows no example"
        return ASPECTS[aspect]


def _difference_row(observed: ObservedDifference) -> Report:
    return {
        "kind": observed.difference.kind,
        "where": observed.difference.where,
        "operations": sorted(observed.operations),
        "count": observed.count,
        "accepted": observed.accepted,
        "curl": observed.curl,
    }


def _listed(before: str, items: Iterable[str]) -> str:
    text = ", ".join(items)
    return before + text if text else ""


def _fields(body: Any, pointer: str = "") -> Iterator[str]:
    """Yields the fields of a JSON body with their types, such as `/data/*/id string`."""
    names = {dict: "object", list: "array", str: "string", bool: "boolean", int: "number", float: "number"}
    yield f"{pointer or '/'} {names.get(type(body), 'null')}"
    if isinstance(body, dict):
        for name, value in body.items():
            yield from _fields(value, f"{pointer}/{name}")
    elif isinstance(body, list):
        for value in body:
            yield from _fields(value, f"{pointer}/*")
