"""Fault rules: they hit the requests that match, in each API's error format, as count, time and seed determine."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockserver.core.problems import Refused
from mockserver.state.store import Transaction, load
from mockserver.worlds import faults
from tests.control.single_world.world import PROVIDER, PROVIDERS, ControlledWorld

APIS = {
    PROVIDERS: ["code", "message"],
    "/api/v1/directory-sync?tenant=t&product=p": ["data", "error"],
    "/v1/identity-providers": ["arguments", "causes", "context", "errorCode", "errorType", "label", "message"],
    "/identity/v1/organizations": ["error", "message", "path", "status", "timestamp"],
    "/api/scim/v2/Users": ["detail", "schemas", "status"],
}
"""A list operation of each API, and the members of its error body."""


def add(world: ControlledWorld, **rule: Any) -> Any:
    return world.control_json("POST", "/faults", rule)


@pytest.mark.parametrize("status", [400, 404, 409, 418, 429, 500, 502, 503])
@pytest.mark.parametrize("path", APIS)
def test_a_status_has_the_error_format_of_the_api(world: ControlledWorld, path: str, status: int) -> None:
    add(world, effect={"status": status})
    answer = world.ask("GET", path)
    assert answer.status == status
    assert set(APIS[path]) <= set(answer.json())


@pytest.mark.parametrize(("status", "body"), [(401, "Unauthorized"), (403, "Forbidden")])
def test_a_status_has_the_message_of_the_api_if_it_prescribes_one(
    world: ControlledWorld, status: int, body: str
) -> None:
    add(world, effect={"status": status})
    assert world.ask("GET", "/api/v1/directory-sync").json() == {"error": {"message": body}}


def test_a_rule_can_set_the_message(world: ControlledWorld) -> None:
    add(world, effect={"status": 503, "message": "down for maintenance", "retryAfter": 120})
    answer = world.ask("GET", PROVIDERS)
    assert answer.json() == {"code": 503, "message": "down for maintenance"}
    assert answer.header("Retry-After") == "120"


def test_only_the_nth_request_of_an_operation_is_hit(world: ControlledWorld) -> None:
    add(world, match={"operationId": "listIdentityProviders"}, effect={"status": 503}, nth=3)
    assert world.ask("GET", "/v1/identity-providers").status == 200
    assert world.statuses(5) == [200, 200, 503, 200, 200]


def test_only_the_first_matching_requests_are_hit(world: ControlledWorld) -> None:
    add(world, match={"service": "netbird"}, effect={"status": 503}, times=2)
    assert world.ask("GET", "/v1/identity-providers").status == 200
    assert world.statuses(4) == [503, 503, 200, 200]


def test_without_times_every_request_is_hit_until_the_rule_is_deleted(world: ControlledWorld) -> None:
    rule = add(world, effect={"status": 503})
    assert world.statuses(3) == [503, 503, 503]
    world.control_json("DELETE", f"/faults/{rule['id']}")
    world.control_json("DELETE", f"/faults/{rule['id']}", status=404)
    assert world.statuses(1) == [200]


@pytest.mark.parametrize(
    ("match", "hit"),
    [
        ({}, True),
        ({"method": "GET"}, True),
        ({"method": "POST"}, False),
        ({"path": PROVIDERS}, True),
        ({"path": "/api/*"}, True),
        ({"path": "*providers"}, True),
        ({"path": "/api/identity"}, False),
        ({"path": "/api.identity-providers"}, False),
        ({"service": "jackson"}, False),
        ({"service": "netbird", "operationId": "getIdentityProvider"}, False),
    ],
)
def test_a_rule_matches_requests_that_have_every_member(world: ControlledWorld, match: Any, hit: bool) -> None:
    add(world, match=match, effect={"status": 503})
    assert world.ask("GET", f"/_mock/w/{world.name}{PROVIDERS}?page=1").status == (503 if hit else 200)


def test_a_rate_limit_applies_to_each_period_of_the_worlds_clock(world: ControlledWorld) -> None:
    add(world, effect={"rateLimit": {"requests": 2, "seconds": 60}})
    assert world.statuses(2) == [200, 200]
    world.control_json("PATCH", "/clock", {"advance": "PT20.5S"})
    answer = world.ask("GET", PROVIDERS)
    assert (answer.status, answer.header("Retry-After")) == (429, "40")
    world.control_json("PATCH", "/clock", {"advance": "PT40S"})
    assert world.statuses(3) == [200, 200, 429]


@settings(max_examples=50)
@given(st.integers(0, 5), st.integers(1, 100), st.lists(st.integers(0, 50), max_size=40))
def test_a_rate_limit_never_admits_more_requests_than_it_allows(requests: int, seconds: int, pauses: list[int]) -> None:
    records = Transaction(load((faults.COLLECTION,), {}))
    faults.add_rule(records, {"effect": {"rateLimit": {"requests": requests, "seconds": seconds}}})
    called, now, passed = faults.CallSummary("netbird", "listIdentityProviders", "GET", PROVIDERS), 0, []
    for pause in pauses:
        now += pause * 1_000_000_000
        hit = faults.decide(records, called, now)
        if hit is None:
            passed.append(now)
        else:
            assert hit.status == 429
            assert 1 <= (hit.retry_after or 0) <= seconds
    # Two neighbouring periods may both be used up, never more, within the length of one.
    for start in passed:
        assert sum(start <= at < start + seconds * 1_000_000_000 for at in passed) <= 2 * requests


def test_the_seed_alone_determines_which_requests_are_hit(world: ControlledWorld) -> None:
    def played(seed: int) -> list[int]:
        world.control_json("POST", "/reset")
        add(world, effect={"status": 503}, probability=0.5, seed=seed)
        return world.statuses(30)

    first = played(1)
    assert set(first) == {200, 503}
    assert played(1) == first
    assert played(2) != first


def test_a_probability_without_a_seed_is_refused(world: ControlledWorld) -> None:
    world.control_json("POST", "/faults", {"effect": {"status": 503}, "probability": 0.5}, status=400)


@pytest.mark.parametrize(
    "rule",
    [
        {},
        {"effect": {}},
        {"effect": {"status": 200}},
        {"effect": {"status": 599}},
        {"effect": {"status": "503"}},
        {"effect": {"delay": "1h"}},
        {"effect": {"delay": "61s"}},
        {"effect": {"rateLimit": {"requests": 1}}},
        {"effect": {"status": 503}, "nth": 0},
        {"effect": {"status": 503}, "match": {"path": 1}},
    ],
)
def test_a_rule_that_violates_the_document_is_refused_and_not_added(world: ControlledWorld, rule: Any) -> None:
    world.control_json("POST", "/faults", rule, status=400)
    assert world.control_json("GET", "/faults") == []


def test_every_rule_counts_and_the_oldest_that_hits_determines_the_effect(world: ControlledWorld) -> None:
    add(world, effect={"status": 503}, nth=2)
    add(world, effect={"status": 500})
    assert world.statuses(3) == [500, 503, 500]
    assert [(it["seen"], it["hits"]) for it in world.control_json("GET", "/faults")] == [(3, 1), (3, 2)]


def test_the_number_of_rules_is_limited(world: ControlledWorld) -> None:
    for _ in range(faults.MAX_RULES):
        add(world, effect={"status": 503}, match={"method": "TRACE"})
    world.control_json("POST", "/faults", {"effect": {"status": 503}}, status=409)
    world.control_json("DELETE", "/faults")
    assert world.control_json("GET", "/faults") == []


def test_a_refused_request_has_no_effect_and_its_fault_is_in_the_journal(world: ControlledWorld) -> None:
    add(world, effect={"status": 503}, times=1)
    before = world.state()["collections"]["netbird.identity_providers"]
    assert world.ask("POST", PROVIDERS, PROVIDER, token="").status == 503
    assert world.state()["collections"]["netbird.identity_providers"] == before
    assert world.control_json("GET", "/journal")[-1]["fault"] == {"status": 503}
    assert world.ask("POST", PROVIDERS, PROVIDER).status == 200
    assert world.control_json("GET", "/journal")[-1]["fault"] is None


def test_a_disconnected_request_has_neither_effect_nor_response(world: ControlledWorld) -> None:
    before = world.state()["collections"]
    assert world.ask("POST", PROVIDERS, PROVIDER, x_mock_fault="disconnect").status == 0
    assert world.state()["collections"] == before
    assert world.control_json("GET", "/journal")[-1]["response"]["status"] == 0


@pytest.mark.parametrize("damage", ["truncate", "garbage"])
def test_a_request_whose_response_is_corrupted_has_its_effect(world: ControlledWorld, damage: str) -> None:
    before = len(world.state()["collections"]["netbird.identity_providers"])
    world.ask("POST", PROVIDERS, PROVIDER, x_mock_fault=damage)
    assert len(world.state()["collections"]["netbird.identity_providers"]) == before + 1


def test_garbage_is_neither_json_nor_text(world: ControlledWorld) -> None:
    answer = world.ask("GET", PROVIDERS, x_mock_fault="garbage")
    with pytest.raises(ValueError, match=r"."):
        answer.json()
    with pytest.raises(UnicodeDecodeError):
        answer.body.decode()


def test_a_header_injects_a_fault_into_one_request_that_no_rule_counts(world: ControlledWorld) -> None:
    add(world, effect={"status": 500}, nth=2)
    assert world.ask("GET", PROVIDERS, x_mock_fault="status=503").status == 503
    assert world.statuses(2) == [200, 500]


@pytest.mark.parametrize(
    "header",
    ["", "nonsense", "status", "status=", "status=200", "status=999", "status=٥٠٣", "delay", "delay=5", "delay=1h"],
)
@pytest.mark.parametrize("path", APIS)
def test_an_invalid_header_is_refused_in_the_error_format_of_the_api(
    world: ControlledWorld, path: str, header: str
) -> None:
    answer = world.ask("GET", path, x_mock_fault=header)
    assert answer.status == 400
    assert set(APIS[path]) <= set(answer.json())


@given(st.text(max_size=30))
def test_any_header_is_applied_or_refused(header: str) -> None:
    try:
        read = faults.parse_header(header)
    except Refused:
        return
    assert read.status or read.delay or read.damage or "delay" in header


def test_the_control_plane_has_no_faults(world: ControlledWorld) -> None:
    add(world, effect={"status": 503})
    assert world.control("GET", "/faults", x_mock_fault="status=503").status == 200


def test_a_fork_has_the_rules_of_its_source_and_counts_separately(world: ControlledWorld) -> None:
    add(world, effect={"status": 503}, nth=2)
    world.statuses(1)
    fork = ControlledWorld(f"{world.name}-fork", scenario=world.name)
    assert fork.statuses(2) == [503, 200]
    assert world.statuses(1) == [503]
    fork.control_json("DELETE", "")
