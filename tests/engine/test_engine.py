"""The path of one request: what is checked in which order, and that only a successful request changes the world."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockserver import control
from mockserver.core.messages import Effect, Headers, Request
from mockserver.engine.engine import Engine
from mockserver.state.store import Transaction, dump
from mockserver.worlds import faults
from mockserver.worlds.worlds import Limits
from tests.toy.api import SERVICE
from tests.toy.document import DOCUMENT
from tests.toy.service import CONTROL_DOCUMENT, START, Toy

LONG = "n" * 21


@pytest.fixture
def toy() -> Toy:
    return Toy()


def thing(toy: Toy, name: str = "one") -> Any:
    return toy.call("POST", "/things", {"name": name}).json()


def test_a_thing_is_created_found_listed_and_deleted(toy: Toy) -> None:
    created = toy.call("POST", "/things", {"name": "one"})
    found = toy.call("GET", f"/things/{created.json()['id']}")
    listed = toy.call("GET", "/things")
    deleted = toy.call("DELETE", f"/things/{created.json()['id']}")
    assert [response.status for response in (created, found, listed, deleted)] == [201, 200, 200, 204]
    assert found.json() == created.json() == listed.json()[0]
    assert created.header("location") == f"http://127.0.0.1:8080/things/{created.json()['id']}"
    assert created.header("Content-Type") == "application/json; charset=UTF-8"
    assert (deleted.body, deleted.header("Content-Type")) == (b"", None)
    assert toy.call("GET", f"/things/{created.json()['id']}").status == 404


@pytest.mark.parametrize(
    ("method", "target", "token", "body", "status"),
    [
        ("DELETE", "/nowhere", None, b"{", 404),
        ("DELETE", "/things", None, b"{", 405),
        ("POST", "/things", None, b"{", 401),
        ("POST", "/things?limit=x", None, b"{", 401),
        ("POST", "/things", "mock-expired", b"{", 401),
        ("POST", "/things", "mock-revoked", b"{", 401),
        ("POST", "/things", "mock-reader", b"{", 403),
        ("POST", "/things", "any", b"{", 400),
        ("POST", "/things", "any", b'{"name": 1}', 400),
        ("POST", "/things", "any", b'{"name": "taken"}', 409),
        ("GET", "/things?limit=0", "mock-reader", b"", 400),
        ("GET", "/things/1", "mock-reader", b"", 404),
        ("GET", "/things/%zz", None, b"", 400),
    ],
)
def test_a_request_is_checked_in_the_documented_order(
    toy: Toy, method: str, target: str, token: str | None, body: bytes, status: int
) -> None:
    response = toy.call(method, target, body, token)
    assert response.status == status


@pytest.mark.parametrize("status", ["404", "405", "401", "403", "400", "409"])
def test_the_service_renders_every_refusal(toy: Toy, status: str) -> None:
    requests: dict[str, tuple[str, str, object, str | None]] = {
        "404": ("GET", "/things/1/parts", None, "any"),
        "405": ("PATCH", "/things", None, "any"),
        "401": ("GET", "/things", None, None),
        "403": ("DELETE", "/things/1", None, "mock-reader"),
        "400": ("POST", "/things", {"name": ""}, "any"),
        "409": ("POST", "/things", {"name": "taken"}, "any"),
    }
    response = toy.call(*requests[status])
    assert response.status == int(status)
    assert response.json().keys() == {"toy", "said"}


def test_an_unknown_path_names_the_nearest_operations(toy: Toy) -> None:
    answer = toy.call("GET", "/thing").json()
    assert answer["nearest"][0] == "GET /things"


def test_a_wrong_method_is_refused_with_those_that_are_allowed(toy: Toy) -> None:
    assert toy.call("PATCH", "/things").header("Allow") == "GET, HEAD, OPTIONS, POST"


@pytest.mark.parametrize("how", ["raise", "status", "body", "type", "header", "set"])
def test_a_bug_is_a_500_that_the_service_renders_and_changes_nothing(
    toy: Toy, how: str, caplog: pytest.LogCaptureFixture
) -> None:
    before = toy.world.state
    with caplog.at_level(logging.ERROR, "mockserver"):
        response = toy.call("POST", f"/misbehave/{how}")
    assert (response.status, response.json()["toy"]) == (500, "InternalError")
    assert "Traceback" not in response.body.decode()
    assert toy.world.state is before
    assert f"bug while answering POST /misbehave/{how}" in caplog.text
    assert {name for name, _, _ in caplog.record_tuples} == {"mockserver"}
    assert "Traceback" in caplog.text
    assert thing(toy)["name"] == "one"


def test_a_refusal_after_a_change_rolls_it_back_and_uses_up_no_id(toy: Toy) -> None:
    before = toy.world.state
    assert toy.call("POST", "/misbehave/refuse").status == 409
    assert toy.call("POST", "/things", {"name": "taken"}).status == 409
    assert toy.world.state is before
    assert thing(toy)["id"] == thing(Toy())["id"]


def test_a_refusal_is_journaled_without_changes_and_a_success_with_them(toy: Toy) -> None:
    toy.call("POST", "/things", {"name": "taken"})
    created = thing(toy)
    refused, succeeded = toy.world.journal
    assert (refused.response.status, refused.changes) == (409, ())
    assert [(change.collection, change.before, change.after) for change in succeeded.changes] == [
        ("things", None, created)
    ]
    assert (succeeded.service, succeeded.operation, succeeded.state) == ("toy", "createThing", toy.world.state)


@pytest.mark.parametrize(
    ("method", "target"),
    [
        ("GET", "/things"),
        ("GET", "/nowhere"),
        ("PATCH", "/things"),
        ("OPTIONS", "/things"),
        ("HEAD", "/things"),
        ("POST", "/misbehave/raise"),
        ("GET", "/%zz"),
    ],
)
def test_every_response_bears_the_id_of_its_exchange(toy: Toy, method: str, target: str) -> None:
    first, second = toy.call(method, target), toy.call(method, target)
    numbers = [int(response.header("X-Mock-Exchange") or 0) for response in (first, second)]
    assert numbers == [1, 2]


@pytest.mark.parametrize(
    "target", ["/\udcff", "http://[", "/_mock/health", "/_mock/nowhere", "/_mock/w/No World/things"]
)
def test_the_exchanges_of_the_control_plane_have_ids_that_no_journal_has(toy: Toy, target: str) -> None:
    toy.call("GET", "/things")
    ids = [toy.call("GET", target).header("X-Mock-Exchange") for _ in range(2)]
    assert ids == ["control-1", "control-2"]


def test_the_journal_has_the_exchange_whose_id_a_response_bears(toy: Toy) -> None:
    toy.call("GET", "/things")
    response = toy.call("GET", "/things?limit=2")
    exchange = toy.world.journal.get(int(response.header("X-Mock-Exchange") or 0))
    assert exchange is not None
    assert exchange.request.target == "/things?limit=2"
    assert exchange.response is response


def test_head_is_answered_as_get_is(toy: Toy) -> None:
    head, get = toy.call("HEAD", "/things"), toy.call("GET", "/things")
    assert (head.status, head.header("Content-Type")) == (get.status, get.header("Content-Type"))
    assert toy.call("HEAD", "/misbehave/raise").status == 405
    assert toy.call("HEAD", "/things", token="mock-reader").status == 200


def test_options_lists_the_methods_of_a_path_without_a_credential(toy: Toy) -> None:
    response = toy.call("OPTIONS", "/things/1", token=None)
    assert (response.status, response.body) == (204, b"")
    assert response.header("Allow") == "DELETE, GET, HEAD, OPTIONS"
    assert toy.call("OPTIONS", "/nowhere").status == 404


@pytest.mark.parametrize(
    ("mode", "token", "status"),
    [
        ("lenient", "anything", 200),
        ("lenient", None, 401),
        ("lenient", "mock-expired", 401),
        ("strict", "anything", 401),
        ("strict", None, 401),
        ("strict", "mock-admin", 200),
        ("strict", "mock-reader", 200),
        ("strict", "mock-revoked", 401),
        ("off", None, 200),
        ("off", "mock-expired", 200),
    ],
)
def test_the_mode_of_a_world_decides_which_credentials_are_valid(mode: str, token: str | None, status: int) -> None:
    assert Toy(auth=mode).call("GET", "/things", token=token).status == status


def test_a_strict_world_accepts_a_credential_that_it_issued() -> None:
    toy = Toy(auth="strict")
    assert toy.call("GET", "/things", token="key").status == 401
    toy.call("POST", "/things", {"name": "key"}, token="mock-admin")
    assert toy.call("GET", "/things", token="key").status == 200


def test_a_credential_in_another_scheme_does_not_count(toy: Toy) -> None:
    assert toy.call("GET", "/things", token=None, Authorization="Basic abc").status == 401


def test_an_open_operation_needs_no_credential(toy: Toy) -> None:
    assert toy.call("GET", "/hello", token=None).json()["role"] == "admin"


def test_undescribed_input_is_journaled_and_ignored(toy: Toy) -> None:
    response = toy.call("POST", "/things?verbose=1", {"name": "one", "nmae": 1, "parts": [{"kind": "a", "x": 1}]})
    assert (response.status, "nmae" in response.json()) == (201, False)
    (exchange,) = toy.world.journal
    assert sorted(exchange.ignored) == ["body /nmae", "body /parts/0/x", "query verbose"]


@pytest.mark.parametrize(
    ("target", "body", "said"),
    [
        ("/things?verbose=1", {"name": "one"}, "verbose"),
        ("/things", {"name": "one", "nmae": 1}, "nmae"),
        ("/things", {"name": "one", "parts": [{"kind": "a", "x": 1}]}, "x"),
    ],
)
def test_a_strict_world_refuses_undescribed_input(target: str, body: object, said: str) -> None:
    toy = Toy(strict=True)
    response = toy.call("POST", target, body)
    assert (response.status, response.json()["toy"]) == (400, "InvalidInput")
    assert said in response.json()["said"]
    assert toy.names() == []


@pytest.mark.parametrize("target", ["/hello?a=%zz", "/hello?%ff"])
def test_a_query_that_can_not_be_parsed_is_a_400_even_where_the_document_has_none(toy: Toy, target: str) -> None:
    assert toy.call("GET", target).status == 400


def test_undescribed_input_in_a_strict_world_is_a_400_even_where_the_document_has_none() -> None:
    assert Toy(strict=True).call("GET", "/hello?verbose=1").status == 400


SENT = st.sampled_from(
    [
        ("POST", "/things", {"name": "a"}),
        ("POST", "/things", {"name": "taken"}),
        ("POST", "/things", {"name": LONG}),
        ("POST", "/misbehave/refuse", None),
        ("GET", "/things?limit=3", None),
        ("GET", "/nowhere", None),
        ("OPTIONS", "/things", None),
    ]
)


@settings(max_examples=30)
@given(st.integers(-(2**63), 2**63 - 1), st.lists(SENT, max_size=12))
def test_equal_seed_scenario_and_requests_give_equal_bytes(seed: int, requests: list[tuple[str, str, object]]) -> None:
    one, other = Toy(seed), Toy(seed)
    for method, target, body in requests:
        assert one.call(method, target, body) == other.call(method, target, body)
    assert dump(one.world.state) == dump(other.world.state)


def test_another_seed_gives_other_ids() -> None:
    assert thing(Toy(1))["id"] != thing(Toy(2))["id"]


def test_worlds_do_not_see_each_other(toy: Toy) -> None:
    toy.call("POST", "/things", {"name": "here"}, X_Mock_World="left")
    toy.call("POST", "/_mock/w/right/things", {"name": "there"})
    assert [thing["name"] for thing in toy.call("GET", "/_mock/w/left/things").json()] == ["here"]
    assert [thing["name"] for thing in toy.call("GET", "/things", X_Mock_World="right").json()] == ["there"]
    assert toy.names() == []


def test_a_world_beyond_the_limit_is_refused_by_the_service() -> None:
    toy = Toy(limits=Limits(worlds=1))
    assert toy.call("GET", "/things").status == 200
    response = toy.call("GET", "/things", X_Mock_World="second")
    assert (response.status, response.json()["toy"]) == (429, "TooManyRequests")


@pytest.mark.parametrize("target", ["/%5Fmock/worlds", "/%5fmock/worlds/default/state", "/_moc%6b/worlds"])
def test_escapes_do_not_lead_to_the_control_plane(target: str) -> None:
    toy = Toy(auth="off")
    assert toy.call("GET", target).status == 404
    assert toy.call("PUT", target).status in (404, 405)


TARGETS = st.text() | st.builds("/things/{}".format, st.text()) | st.builds("/things?{}".format, st.text())
HEADER_NAMES = st.sampled_from(["Authorization", "X-Mock-World", "Content-Type", "Host", "X-Other"])
LATIN = st.text(st.characters(max_codepoint=255) | st.characters(min_codepoint=0xDC80, max_codepoint=0xDCFF))


@settings(max_examples=50)
@given(
    st.sampled_from(["GET", "POST", "PUT", "HEAD", "OPTIONS", "BREW"]),
    TARGETS,
    st.dictionaries(HEADER_NAMES, LATIN),
    st.binary(),
)
def test_no_request_reveals_a_bug(method: str, target: str, headers: dict[str, str], body: bytes) -> None:
    toy = Toy()
    response = toy.engine.handle(Request(method, target, Headers(headers), body))
    assert 200 <= response.status < 500
    if response.body:
        assert response.json() is not None
    assert toy.call("GET", "/_mock/worlds/default/journal").status in (200, 404)


def test_a_document_and_handlers_that_do_not_agree_can_not_be_served(toy: Toy) -> None:
    less = {**DOCUMENT, "paths": {"/hello": DOCUMENT["paths"]["/hello"]}}
    with pytest.raises(
        ValueError, match="operations and handlers do not agree: no operation for the handler createThing"
    ):
        Engine([SERVICE], {"toy": less}, toy.worlds)


def test_urls_that_lead_back_keep_the_world_and_the_external_url(toy: Toy) -> None:
    def base(target: str, **headers: str) -> Any:
        return toy.call("GET", target, **headers).json()["base"]

    assert base("/hello") == "http://127.0.0.1:8080"
    assert base("/_mock/w/a/hello") == base("/hello", X_Mock_World="a") == "http://127.0.0.1:8080/_mock/w/a"
    toy.engine.external_url = "https://mock.example"
    assert base("/_mock/w/a/hello") == "https://mock.example/_mock/w/a"


def test_header_parameters_are_read(toy: Toy) -> None:
    assert toy.call("GET", "/hello", X_Name="Ann").json()["name"] == "Ann"
    assert toy.call("GET", "/hello").json()["name"] is None


def test_a_strict_world_accepts_described_input() -> None:
    toy = Toy(strict=True)
    assert toy.call("GET", "/things?limit=2").status == 200
    assert toy.call("POST", "/things", {"name": "one"}).status == 201


def test_the_service_authorizes_every_call_but_those_of_open_operations(toy: Toy) -> None:
    documents = {"toy": DOCUMENT, "control": CONTROL_DOCUMENT}
    denying = replace(SERVICE, may=lambda _: False)
    toy.engine = Engine([denying, control.service(toy.worlds, documents, {}, None)], documents, toy.worlds)
    assert toy.call("GET", "/things").json()["said"] == "permission denied"
    assert toy.call("GET", "/hello").status == 200


@pytest.mark.parametrize(
    ("method", "target", "refused"),
    [
        ("GET", "/things/1?a=1", f"/things/1 {START}"),
        ("GET", "/_mock/w/team/things/1", f"/things/1 {START}"),
        ("GET", "/things/1/parts?a=1", f"/things/1/parts {START}"),
        ("POST", "/misbehave/raise", f"/misbehave/raise {START}"),
    ],
)
def test_the_service_knows_the_path_and_the_instant_of_a_refused_request(
    toy: Toy, method: str, target: str, refused: str
) -> None:
    assert toy.call(method, target).header("X-Refused") == refused


def test_a_request_for_an_impossible_world_is_refused_and_journaled_by_the_control_plane(toy: Toy) -> None:
    response = toy.call("GET", "/things?a=1", X_Mock_World="No World")
    assert (response.status, response.json()["toy"]) == (400, "MalformedRequest")
    assert response.headers[:2] == [("Content-Type", "application/json"), ("X-Refused", "/things 0")]
    (exchange,) = toy.worlds.control.journal
    assert (exchange.request.target, exchange.response) == ("/things?a=1", response)
    assert list(toy.worlds) == []


def test_a_world_beyond_the_limit_is_refused_with_the_path_that_the_service_has() -> None:
    toy = Toy(limits=Limits(worlds=0))
    assert toy.call("GET", "/_mock/w/a/things?a=1").header("X-Refused") == "/things 0"


@pytest.mark.parametrize(
    ("method", "target", "service", "operation"),
    [
        ("GET", "/things", "toy", "listThings"),
        ("GET", "/things/1", "toy", "getThing"),
        ("GET", "/things/1/parts", "toy", ""),
        ("PATCH", "/things", "toy", ""),
        ("OPTIONS", "/things", "", ""),
        ("GET", "/%5Fmock/worlds", "control", ""),
    ],
)
def test_an_exchange_names_its_service_and_its_operation(
    toy: Toy, method: str, target: str, service: str, operation: str
) -> None:
    toy.call(method, target)
    (exchange,) = toy.world.journal
    assert (exchange.service, exchange.operation, exchange.at) == (service, operation, START)


def test_a_refusal_by_an_operation_is_that_of_its_service_wherever_its_path_lies(toy: Toy) -> None:
    extra = {"operationId": "hello", "security": [{"toy": []}], "responses": {"200": {}, "401": {}}}
    documents = {
        "toy": DOCUMENT,
        "other": {"paths": {"/things/{id}/extra": {"get": extra}}},
        "control": CONTROL_DOCUMENT,
    }
    other = replace(SERVICE, name="other", handlers={"hello": SERVICE.handlers["hello"]})
    plane = control.service(toy.worlds, documents, {}, None)
    toy.engine = Engine([SERVICE, other, plane], documents, toy.worlds)
    assert toy.call("GET", "/things/1/extra", token=None).status == 401
    (exchange,) = toy.world.journal
    assert (exchange.service, exchange.operation) == ("other", "hello")


def test_the_control_plane_journals_its_requests_in_its_own_world(toy: Toy) -> None:
    toy.call("GET", "/_mock/health", X_Mock_World="team")
    assert [exchange.operation for exchange in toy.worlds.control.journal] == ["getHealth"]
    assert list(toy.worlds) == []


def test_a_fault_of_the_header_hits_one_request(toy: Toy) -> None:
    assert toy.call("GET", "/things", X_Mock_Fault="status=503").json()["said"] == "service unavailable"
    damaged = toy.call("POST", "/things", {"name": "one"}, X_Mock_Fault="garbage")
    assert (damaged.body, damaged.effect) == (faults.GARBAGE, Effect(damage="garbage"))
    assert toy.names() == ["one"]
    assert [exchange.fault for exchange in toy.world.journal] == [Effect(503), Effect(damage="garbage")]
    assert toy.call("GET", "/things").effect is None


def test_a_fault_comes_before_authentication_and_after_routing(toy: Toy) -> None:
    assert toy.call("GET", "/things", token=None, X_Mock_Fault="status=503").status == 503
    assert toy.call("GET", "/nowhere", X_Mock_Fault="status=503").status == 404


def test_a_rule_hits_the_services_and_never_the_control_plane(toy: Toy) -> None:
    records = Transaction(toy.world.state)
    faults.add_rule(records, {"effect": {"status": 503}, "nth": 2})
    toy.world.commit(records)
    assert [toy.call("GET", "/things").status for _ in range(3)] == [200, 503, 200]
    first, second, _ = toy.world.journal
    assert (first.fault, second.fault) == (None, Effect(503))
    assert first.state is not second.state
    assert toy.call("GET", "/_mock/health", X_Mock_Fault="status=503").status == 200


def test_an_exchange_keeps_the_state_after_it(toy: Toy) -> None:
    before = toy.world.state
    toy.call("GET", "/things")
    thing(toy)
    toy.call("POST", "/things", {"name": "taken"})
    listed, created, refused = toy.world.journal
    assert listed.state is before
    assert created.state is refused.state is toy.world.state is not before


def test_the_engine_lists_services_and_operations_by_name(toy: Toy) -> None:
    assert toy.engine.services["toy"] is SERVICE
    assert [operation.id for operation in toy.engine.operations["toy"]][:2] == ["listThings", "createThing"]
