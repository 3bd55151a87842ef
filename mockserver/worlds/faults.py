"""Faults: what goes wrong on purpose, and when.

A rule is a record of its world like any other, so it is exported, forked, reset, rewound and kept with it; its counters
are part of it. Nothing is left to chance: whether a rule hits a call follows from how many calls it saw, from the
world's clock, or from a seed that came with the rule. A single request can carry a fault of its own in a header.
"""

from __future__ import annotations

import re
from functools import lru_cache
from http import HTTPStatus
from typing import Any, NamedTuple

from mockserver.core.clock import NANOSECONDS
from mockserver.core.ids import stream
from mockserver.core.messages import Effect, Json, Response
from mockserver.core.problems import (
    Conflict,
    Forbidden,
    InternalError,
    Problem,
    Refused,
    TooManyRequests,
    Unauthenticated,
)
from mockserver.state.store import Collection, Record, State, Transaction

HEADER = "X-Mock-Fault"
NAME = "faults"
COLLECTION = Collection(NAME)
MAX_RULES = 100
"""Rules that a world may have at a time: each is asked about every call."""
MAX_DELAY = 60_000
"""Milliseconds."""
DAMAGES = ("disconnect", "truncate", "garbage")
GARBAGE = b'{"garbage": [\x00\xff\xfe<html>'
"""Neither JSON nor UTF-8, and always the same."""

_STATUS = re.compile(r"[1-5][0-9]{2}")
_DELAY = re.compile(r"([0-9]{1,5})(ms|s)")
_MESSAGES = {401: "token invalid", 403: "permission denied", 429: "too many requests"}


class CallSummary(NamedTuple):
    """What a rule can ask about a call; `path` is without the world's prefix and the query."""

    service: str
    operation: str
    method: str
    path: str


def any_rules(state: State) -> bool:
    """Whether a world has any rule. Asked about every request."""
    table = state.tables.get(NAME)
    return table is not None and table.count > 0


def add_rule(records: Transaction, wish: Json) -> Record:
    """Makes a rule of what the document calls a FaultWish; Conflict where there are too many."""
    if records.count(NAME) >= MAX_RULES:
        raise Conflict(f"there are {MAX_RULES} faults already; delete some")
    key = str(records.next(NAME))
    rule = {
        "id": key,
        "match": wish.get("match", {}),
        "effect": wish["effect"],
        "nth": wish.get("nth", 1),
        "times": wish.get("times", 1 if "nth" in wish else None),
        "probability": wish.get("probability", 1),
        "seed": wish.get("seed"),
        "seen": 0,
        "hits": 0,
        "window": None,
    }
    records.put(NAME, key, rule)
    return rule


def decide(records: Transaction, called: CallSummary, now: int) -> Effect | None:
    """What is to be done to a call. Every rule that matches counts it; the oldest that hits it decides."""
    decided = None
    for rule in records.page(NAME):
        if not _matches(rule["match"], called):
            continue
        rule = {**rule, "seen": rule["seen"] + 1}
        if decided is None and _due(rule):
            rule, decided = _hit(rule, now)
        records.put(NAME, rule["id"], rule)
    return decided


def parse_header(text: str) -> Effect:
    """The effects of the header: `status=503`, `delay=250ms`, `disconnect`, `truncate`, `garbage`, joined by commas."""
    wish: dict[str, Any] = {}
    for part in text.split(","):
        name, equals, value = part.strip().partition("=")
        if name == "status" and _STATUS.fullmatch(value):
            wish[name] = int(value)
        elif name == "delay" and equals:
            wish[name] = value
        elif name in DAMAGES and not equals:
            wish[name] = True
        else:
            known = ", ".join(("status=503", "delay=250ms", *DAMAGES))
            raise Refused(f"{HEADER}: {part.strip()!r} is none of {known}")
    return effect(wish)


def effect(wish: Json) -> Effect:
    """The effect that a header or a rule describes; Refused for a status or delay that can't be."""
    status = wish.get("status")
    if status is not None and not (400 <= status <= 599 and status in HTTPStatus._value2member_map_):
        raise Refused(f"{status} is no HTTP status of an error")
    retry_after = wish.get("retryAfter", 1 if status == HTTPStatus.TOO_MANY_REQUESTS else None)
    damage = next((name for name in DAMAGES if wish.get(name)), "")
    return Effect(status, wish.get("message", ""), retry_after, _milliseconds(wish.get("delay", "0ms")), damage)


def problem_for(fault: Effect) -> Problem:
    """The refusal that a service has to word."""
    status = fault.status or 500
    message = fault.message or _MESSAGES.get(status) or HTTPStatus(status).phrase.lower()
    if status == HTTPStatus.UNAUTHORIZED:
        return Unauthenticated(message, given=True)
    kinds: dict[int, type[Problem]] = {403: Forbidden, 429: TooManyRequests, 500: InternalError}
    return kinds.get(status, Problem)(message, status=status)


def apply(fault: Effect, response: Response) -> None:
    """Leaves on a response what its transport has to do, and does what needs none."""
    response.effect = fault
    if fault.retry_after is not None:
        response.headers.append(("Retry-After", str(fault.retry_after)))
    if fault.damage == "garbage":
        response.body = GARBAGE


def _matches(match: Json, called: CallSummary) -> bool:
    """Whether a call has every property that a rule names."""
    return (
        match.get("service", called.service) == called.service
        and match.get("operationId", called.operation) == called.operation
        and match.get("method", called.method) == called.method
        and ("path" not in match or bool(_path(match["path"]).fullmatch(called.path)))
    )


@lru_cache(maxsize=1_000)
def _path(pattern: str) -> re.Pattern[str]:
    """A path in which `*` stands for any characters."""
    return re.compile(".*".join(re.escape(part) for part in pattern.split("*")))


def _due(rule: Record) -> bool:
    """Whether a rule hits the call that it just counted, by its count or by its seed."""
    if rule["seen"] < rule["nth"] or (rule["times"] is not None and rule["hits"] >= rule["times"]):
        return False
    if rule["probability"] >= 1:
        return True
    drawn = int.from_bytes(stream(rule["seed"], rule["seen"], 8))
    return bool(drawn < rule["probability"] * 2**64)


def _hit(rule: Record, now: int) -> tuple[Record, Effect | None]:
    """A rule after a hit, and what it does: nothing as long as a rate limit is kept to."""
    limit = rule["effect"].get("rateLimit")
    if limit is None:
        return {**rule, "hits": rule["hits"] + 1}, effect(rule["effect"])
    length = limit["seconds"] * NANOSECONDS
    window = rule["window"]
    if window is None or not window["since"] <= now < window["since"] + length:
        window = {"since": now, "calls": 0}
    window = {**window, "calls": window["calls"] + 1}
    if window["calls"] <= limit["requests"]:
        return {**rule, "window": window}, None
    wait = -(-(window["since"] + length - now) // NANOSECONDS)
    exceeded = effect({**rule["effect"], "status": 429, "retryAfter": wait})
    return {**rule, "window": window, "hits": rule["hits"] + 1}, exceeded


def _milliseconds(delay: str) -> int:
    match = _DELAY.fullmatch(delay)
    if match is None:
        raise Refused(f"{delay!r} is no delay: 250ms and 2s are")
    return min(int(match[1]) * (1_000 if match[2] == "s" else 1), MAX_DELAY)


def rule_as_json(rule: Record) -> Json:
    """A rule as the control plane shows it."""
    return {name: value for name, value in rule.items() if name != "window"}


def effect_as_json(fault: Effect) -> Json:
    """An effect as the journal shows it: what it consists of, in the words of a rule."""
    said = {"status": fault.status, "message": fault.message, "retryAfter": fault.retry_after}
    delay = f"{fault.delay}ms" if fault.delay else None
    return {name: value for name, value in {**said, "delay": delay, fault.damage: True}.items() if name and value}
