"""The control plane refuses what has no effect: unknown members, parameters, names and values."""

from __future__ import annotations

from typing import Any

import pytest

from mockserver import MockServer
from mockserver.worlds.worlds import Limits
from tests.toy.control import ControlPlane

STATUS = {"effect": {"status": 503}}


@pytest.mark.parametrize(
    ("method", "target", "body", "hint"),
    [
        ("PUT", "worlds/a", {"form": "acme"}, '"from"'),
        ("PUT", "worlds/a", {"options": {"stritc": True}}, '"strict"'),
        ("PUT", "worlds/a", {"options": {"vcf.json-bodys": True}}, '"vcf.json-bodies"'),
        ("PUT", "worlds/a", {"options": {"strict": "yes"}}, "true or false"),
        ("PUT", "worlds/a", {"options": {"vcf.precheck": "WARNIN"}}, '"WARNING"'),
        ("PUT", "worlds/a", {"now": "yesterday"}, "2026-01-01T00:00:00Z"),
        ("PUT", "worlds/a/state", {"collectons": {}}, '"collections"'),
        ("PUT", "worlds/a/state", {"collections": {}, "options": {"nosuch.x": 1}}, "nosuch.x"),
        ("PATCH", "worlds/default/clock", {"advanced": "P7D"}, '"advance"'),
        ("PATCH", "worlds/default/clock", {"advance": "7 days"}, "P7D"),
        ("PATCH", "worlds/default/clock", {"advance": 7}, "P7D"),
        ("PATCH", "worlds/default/clock", {"frozen": "yes"}, "true or false"),
        ("POST", "worlds/default/rewind", {"too": 1}, '"to"'),
        ("POST", "worlds/a/faults", {**STATUS, "time": 1}, '"times"'),
        ("POST", "worlds/a/faults", {**STATUS, "operation": "listIdentityProviders"}, "match/operation"),
        ("POST", "worlds/a/faults", {**STATUS, "match": {"operationID": "x"}}, '"operationId"'),
        (
            "POST",
            "worlds/a/faults",
            {**STATUS, "match": {"operationId": "listIdentityProvider"}},
            "listIdentityProviders",
        ),
        (
            "POST",
            "worlds/a/faults",
            {**STATUS, "match": {"operation": "listIdentityProvider"}},
            "listIdentityProviders",
        ),
        ("POST", "worlds/a/faults", {**STATUS, "match": {"operation": ""}}, "operation"),
        ("POST", "worlds/a/faults", {**STATUS, "match": {"service": "netbrid"}}, '"netbird"'),
        ("POST", "worlds/a/faults", {**STATUS, "match": {"service": "control"}}, "netbird"),
        ("POST", "worlds/a/faults", {**STATUS, "match": {"method": "get"}}, '"GET"'),
        ("POST", "worlds/a/faults", {**STATUS, "match": {"path": "api/things"}}, "begin with /"),
        ("POST", "worlds/a/faults", {**STATUS, "match": {"path": "/api/things?a=1"}}, "query"),
        ("POST", "worlds/a/faults", {**STATUS, "match": {"path": "/_mock/w/a/api"}}, "prefix"),
        ("POST", "worlds/a/faults", {**STATUS, "match": {"operation": "a", "operationId": "a"}}, "give one"),
        (
            "POST",
            "worlds/a/faults",
            {**STATUS, "match": {"service": "jackson", "operation": "listIdentityProviders"}},
            "netbird",
        ),
        (
            "POST",
            "worlds/a/faults",
            {**STATUS, "match": {"method": "POST", "operation": "listIdentityProviders"}},
            "GET",
        ),
        ("POST", "worlds/a/faults", {"effect": {"stauts": 503}}, '"status"'),
        ("POST", "worlds/a/faults", {"effect": {"status": 200}}, "such as 503"),
        ("POST", "worlds/a/faults", {"effect": {"delay": "1h"}}, "250ms"),
        ("POST", "worlds/a/faults", {"effect": {"truncate": False}}, "true"),
        ("POST", "worlds/a/faults", {"effect": {}}, "at least one of status"),
        ("POST", "worlds/default/journal/verify", {"operationId": "createIdentityProvider", "times": 1}, '"operation"'),
        (
            "POST",
            "worlds/default/journal/verify",
            {"operation": "createIdentityProvder", "times": 0},
            "createIdentityProvider",
        ),
        ("POST", "worlds/default/journal/verify", {"service": "netbrid", "times": 0}, '"netbird"'),
        ("POST", "worlds/default/journal/verify", {"method": "post", "times": 0}, '"POST"'),
        ("POST", "worlds/default/journal/verify", {"status": 1000, "times": 0}, "599"),
        ("POST", "worlds/default/journal/verify", {"path": "api", "times": 0}, "begin with /"),
        ("POST", "worlds/default/journal/verify?secret=true", {}, '"secrets"'),
        ("GET", "worlds/default/journal?operationId=createIdentityProvider", None, '"operation"'),
        ("GET", "worlds/default/journal?operation=createIdentityProvder", None, "createIdentityProvider"),
        ("GET", "worlds/default/journal?service=netbrid", None, '"netbird"'),
        ("GET", "worlds/default/journal?method=get", None, '"GET"'),
        ("GET", "worlds/default/journal?status=1000", None, "599"),
        ("GET", "worlds/default/journal?limit=0", None, "from 1 to 100000"),
        ("GET", "worlds/default/journal?secrets=yes", None, "true or false"),
        ("GET", "worlds/default/deliveries?status=waitin", None, "waiting"),
        ("GET", "worlds/default/mail?too=a@b.example", None, '"to"'),
        ("GET", "worlds/No", None, "a-z"),
    ],
)
def test_a_refusal_names_the_right_name_or_states_the_rule(
    control: ControlPlane, method: str, target: str, body: Any, hint: str
) -> None:
    refusal = control.ask(method, target, body, 400)
    assert hint in refusal["message"]
    assert control.server.worlds.find("a") is None


@pytest.mark.parametrize("name", ["operation", "operationId"])
def test_a_fault_takes_both_names_of_an_operation(control: ControlPlane, name: str) -> None:
    control.ask("POST", "worlds/default/faults", {**STATUS, "match": {name: "listIdentityProviders"}}, 201)
    assert control.call("GET", "/api/identity-providers").status == 503
    assert control.call("GET", "/api/identity-providers/x").status == 404


def test_a_long_unknown_name_is_not_repeated_in_full(control: ControlPlane) -> None:
    message = control.ask("PUT", "worlds/a", {"x" * 100_000: 1}, 400)["message"]
    assert len(message) < 500


def test_the_default_world_can_be_had_however_many_worlds_there_are() -> None:
    control = ControlPlane(limits=Limits(worlds=1))
    control.ask("PUT", "worlds/a", status=201)
    assert control.ask("GET", "worlds/default")["name"] == "default"
    assert control.call("GET", "/api/identity-providers").status == 200


def test_a_refused_request_lists_what_nothing_read(control: ControlPlane) -> None:
    sent = {"type": "oidc", "name": "n", "issuer": "https://a.example", "clientId": "c", "client_secret": "s"}
    assert control.call("POST", "/api/identity-providers?verbose=1", sent).status in (400, 422)
    (exchange,) = control.ask("GET", "worlds/default/journal")
    assert exchange["ignored"] == ["query verbose", "body /clientId"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"auth": "lenint"},
        {"strict": "yes"},
        {"options": {"nosuch.x": 1}},
        {"options": {"vcf.json-bodies": "true"}},
        {"scenario": "acm"},
        {"services": ["netbrid"]},
        {"seed": 2**63},
        {"limits": Limits(worlds=0)},
        {"limits": Limits(exchanges=-1)},
    ],
)
def test_a_server_refuses_settings_that_have_no_meaning(wrong: Any) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  (each has its own words)
        MockServer(**wrong)
