"""Faults: requests that fail on purpose, and the rules that say which.

A rule is a record of its world, counters included, so it is exported, forked, reset, rewound and persisted with the
world. Nothing is random: whether a rule hits a call depends on how many calls the rule has counted, on the world's
clock, or on the rule's own seed. A single request can carry its own fault in a header.
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
"""Rules that a world may have at a time. The number is bounded because every call is matched with every rule."""
MAX_DELAY = 60_000
"""Milliseconds; a longer delay is shortened to it."""
DAMAGES = ("disconnect", "truncate", "garbage")
GARBAGE = b'{"garbage": [\x00\xff\xfe<html>'
"""A body that is neither JSON nor UTF-8."""

_STARS = re.compile(r"\*+")
_STATUS = re.compile(r"[1-5][0-9]{2}")
_DELAY = re.compile(r"([0-9]{1,5})(ms|s)")
_MESSAGES = {401: "token invalid", 403: "permission denied"}
"""What the engine itself says; for any other status it is the phrase of HTTP."""


class CallSummary(NamedTuple):
    """The properties of a call that a rule can match. `path` is without the world's prefix and the query."""

    service: str
    operation: str
    method: str
    path: str


def any_rules(state: State) -> bool:
    """Returns whether a world has any rule. It is called for every request, so it is a mere look-up."""
    table = state.tables.get(NAME)
    return table is not None and table.count > 0


def add_rule(records: Transaction, wish: Json) -> Record:
    """Adds a rule from a FaultWish of the control plane's document. Raises Conflict where there are too many rules."""
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
    """Returns the fault that hits a call, if any: the oldest rule that hits decides, but every matching rule counts."""
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
    """Returns the fault of a header such as `status=503,delay=250ms`; the other parts are those of `DAMAGES`.

    Raises Refused for any other text.
    """
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
    """Returns the effect that a header or a rule describes. Raises Refused for an impossible status or delay."""
    status = wish.get("status")
    if status is not None and not (status >= 400 and status in HTTPStatus._value2member_map_):
        raise Refused(f"{status} is no HTTP status of an error")
    retry_after = wish.get("retryAfter", 1 if status == HTTPStatus.TOO_MANY_REQUESTS else None)
    damage = next((name for name in DAMAGES if wish.get(name)), "")
    return Effect(status, wish.get("message", ""), retry_after, _milliseconds(wish.get("delay", "0ms")), damage)


def problem_for(fault: Effect) -> Problem:
    """Returns the refusal that the service has to render for a fault with a status."""
    status = fault.status or 500
    message = fault.message or _MESSAGES.get(status) or HTTPStatus(status).phrase.lower()
    if status == HTTPStatus.UNAUTHORIZED:
        return Unauthenticated(message, given=True)
    kinds: dict[int, type[Problem]] = {403: Forbidden, 429: TooManyRequests, 500: InternalError}
    return kinds.get(status, Problem)(message, status=status)


def apply(fault: Effect, response: Response) -> None:
    """Applies a fault to a response. The delay and damage that need a connection are left to the transport."""
    response.effect = fault
    if fault.retry_after is not None:
        response.headers.append(("Retry-After", str(fault.retry_after)))
    if fault.damage == "garbage":
        response.body = GARBAGE


def _matches(match: Json, called: CallSummary) -> bool:
    """Returns whether a call has every property that a rule names."""
    return (
        match.get("service", called.service) == called.service
        and match.get("operation", match.get("operationId", called.operation)) == called.operation
        and match.get("method", called.method) == called.method
        and ("path" not in match or path_matches(match["path"], called.path))
    )


def path_matches(pattern: str, path: str) -> bool:
    """Returns whether a path matches a pattern in which `*` stands for any characters.

    Each text between two stars is looked for once, from where the one before it ended. So the cost is at most in
    proportion to the lengths. A regular expression would try every way to share the path out among the stars.
    """
    first, *texts = _texts(pattern)
    if not texts:
        return path == first
    *between, last = texts
    end = len(path) - len(last)
    if not (path.startswith(first) and path.endswith(last)):
        return False
    position = len(first)
    for text in between:
        position = path.find(text, position, end)
        if position < 0:
            return False
        position += len(text)
    return position <= end


@lru_cache(maxsize=MAX_RULES)
def _texts(pattern: str) -> tuple[str, ...]:
    """Returns the texts before, between and after the stars of a pattern. Stars in a row are one star."""
    return tuple(_STARS.split(pattern))


def _due(rule: Record) -> bool:
    """Returns whether a rule hits the call that it has just counted, by its counters and by its seed."""
    if rule["seen"] < rule["nth"] or (rule["times"] is not None and rule["hits"] >= rule["times"]):
        return False
    if rule["probability"] >= 1:
        return True
    drawn = int.from_bytes(stream(rule["seed"], rule["seen"], 8))
    return bool(drawn < rule["probability"] * 2**64)


def _hit(rule: Record, now: int) -> tuple[Record, Effect | None]:
    """Returns a rule after a hit, and its effect. A rate limit has no effect as long as a call is within it."""
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
    """Returns the milliseconds of a delay such as 250ms or 2s."""
    match = _DELAY.fullmatch(delay)
    if match is None:
        raise Refused(f"{delay!r} is no delay: 250ms and 2s are")
    return min(int(match[1]) * (1_000 if match[2] == "s" else 1), MAX_DELAY)


def rule_as_json(rule: Record) -> Json:
    """Returns a rule as the control plane's document describes it."""
    return {name: value for name, value in rule.items() if name != "window"}


def effect_as_json(fault: Effect) -> Json:
    """Returns an effect as the journal shows it: with the members of a rule, and without those that are not set."""
    members = {"status": fault.status, "message": fault.message, "retryAfter": fault.retry_after}
    delay = f"{fault.delay}ms" if fault.delay else None
    return {name: value for name, value in {**members, "delay": delay, fault.damage: True}.items() if name and value}
