"""A method and a path lead to an endpoint, and every path has a service that refuses what nothing answers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from mockserver.core.problems import MalformedRequest, MethodNotAllowed, UnknownPath
from mockserver.engine.routing import Routing, UnservableError, allowed_methods
from mockserver.engine.service import Service
from tests.hostile.work import steps
from tests.toy.api import SERVICE
from tests.toy.document import DOCUMENT

CONTROL = replace(SERVICE, name="control", handlers={"health": lambda _: {}})
CONTROL_DOCUMENT: dict[str, Any] = {
    "servers": [{"url": "/base/{tenant}/"}],
    "paths": {
        "/_mock/health": {"get": {"operationId": "health", "responses": {"200": {"description": "Healthy."}}}},
    },
}
ROUTING = Routing([CONTROL, SERVICE], {"toy": DOCUMENT, "control": CONTROL_DOCUMENT})


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        ("GET", "/things", ("listThings", [])),
        ("POST", "/things", ("createThing", [])),
        ("GET", "/things/7", ("getThing", ["7"])),
        ("HEAD", "/things/7", ("getThing", ["7"])),
        ("GET", "/base/t/_mock/health", ("health", ["t"])),
        ("OPTIONS", "/things", (None, [])),
    ],
)
def test_a_request_leads_to_its_endpoint_and_the_values_of_the_path(method: str, path: str, expected: Any) -> None:
    endpoint, values = ROUTING.find(method, path)
    assert (endpoint and endpoint.operation.id, values) == expected


def test_a_documented_head_operation_is_not_replaced_by_get() -> None:
    methods: dict[str, Any] = {method: {"operationId": method, "responses": {"204": {}}} for method in ("get", "head")}
    handlers = dict.fromkeys(methods, SERVICE.handlers["hello"])
    routing = Routing([replace(SERVICE, handlers=handlers)], {"toy": {"paths": {"/boX/{id}": methods}}})
    for method in ("GET", "HEAD"):
        endpoint, _ = routing.find(method, "/boX/1")
        assert endpoint is not None
        assert endpoint.operation.method == method
    assert routing.owner("/boX/1/more") is routing.services["toy"]


def test_an_endpoint_has_the_service_and_the_handler_of_its_operation() -> None:
    endpoint, _ = ROUTING.find("GET", "/things")
    assert endpoint is not None
    assert (endpoint.service, endpoint.handler) == (SERVICE, SERVICE.handlers["listThings"])


def test_an_unknown_path_names_the_nearest_operations() -> None:
    with pytest.raises(UnknownPath, match="no operation answers at /thing") as refusal:
        ROUTING.find("POST", "/thing")
    assert refusal.value.nearest[0] == "POST /things"


@pytest.mark.parametrize("method", ["PATCH", "HEAD", "options"])
def test_a_method_that_a_path_does_not_have_is_refused_with_those_that_it_has(method: str) -> None:
    with pytest.raises(MethodNotAllowed) as refusal:
        ROUTING.find(method, "/misbehave/raise")
    assert (refusal.value.method, refusal.value.allow) == (method, ("OPTIONS", "POST"))


def test_a_path_that_can_not_be_decoded_is_malformed() -> None:
    with pytest.raises(MalformedRequest):
        ROUTING.find("GET", "/%zz")


def test_the_response_to_options_lists_the_methods() -> None:
    response = ROUTING.options("/things/7")
    assert (response.status, response.body, response.headers) == (204, b"", [("Allow", "DELETE, GET, HEAD, OPTIONS")])
    assert ROUTING.options("/nowhere").headers == [("Allow", "OPTIONS")]


@pytest.mark.parametrize(
    ("methods", "allowed"),
    [((), ("OPTIONS",)), (("POST",), ("OPTIONS", "POST")), (("GET",), ("GET", "HEAD", "OPTIONS"))],
)
def test_get_implies_head_and_every_path_has_options(methods: tuple[str, ...], allowed: tuple[str, ...]) -> None:
    assert allowed_methods(dict.fromkeys(methods)) == allowed


@pytest.mark.parametrize(
    ("path", "owner"),
    [
        ("/things/7/parts", "toy"),
        ("/things", "toy"),
        ("/misbehave", "toy"),
        ("/misbehave/unknown/x", "toy"),
        ("/base/t/things", "control"),
        ("/base", "control"),
        ("/base/x/_mock/health", "control"),
        ("/thingsome", "control"),
        ("/nowhere", "control"),
    ],
)
def test_the_owner_of_a_path_serves_its_longest_prefix(path: str, owner: str) -> None:
    assert ROUTING.owner(path).name == owner


def test_a_path_without_an_owner_belongs_to_the_control_plane() -> None:
    document = {**CONTROL_DOCUMENT, "servers": [{"url": "/base"}]}
    assert Routing([CONTROL], {"control": document}).owner("/nowhere").name == "control"
    assert Routing([CONTROL], {"control": document}).owner("").name == "control"


def test_services_and_operations_are_listed_by_name() -> None:
    assert ROUTING.services == {"control": CONTROL, "toy": SERVICE}
    assert {name: [operation.id for operation in listed] for name, listed in ROUTING.operations.items()} == {
        "control": ["health"],
        "toy": ["listThings", "createThing", "getThing", "deleteThing", "misbehave", "hello"],
    }


def unservable(service: Service, document: Any) -> UnservableError:
    with pytest.raises(UnservableError) as error:
        Routing([service], {"toy": document})
    assert error.value.service == "toy"
    assert str(error.value) == f"toy: {error.value.reason}"
    return error.value


def test_an_operation_without_a_handler_can_not_be_served() -> None:
    handlers = {name: handler for name, handler in SERVICE.handlers.items() if name not in ("hello", "getThing")}
    expected = "operations and handlers do not agree: no handler for getThing, no handler for hello"
    assert unservable(replace(SERVICE, handlers=handlers), DOCUMENT).reason == expected


def test_a_handler_without_an_operation_can_not_be_served() -> None:
    handlers = {**SERVICE.handlers, "wave": SERVICE.handlers["hello"]}
    expected = "operations and handlers do not agree: no operation for the handler wave"
    assert unservable(replace(SERVICE, handlers=handlers), DOCUMENT).reason == expected


def test_all_disagreements_are_listed() -> None:
    handlers = {name: handler for name, handler in SERVICE.handlers.items() if name != "hello"}
    handlers["wave"] = handlers["getThing"]
    expected = "operations and handlers do not agree: no handler for hello, no operation for the handler wave"
    assert unservable(replace(SERVICE, handlers=handlers), DOCUMENT).reason == expected


def test_two_services_with_the_same_route_can_not_be_served() -> None:
    other = replace(SERVICE, name="other")
    with pytest.raises(UnservableError) as error:
        Routing([SERVICE, other], {"toy": DOCUMENT, "other": DOCUMENT})
    assert error.value.service == "other"
    assert error.value.reason == "two operations answer GET /things: one of 'toy', one of 'other'"


def test_a_document_that_does_not_compile_can_not_be_served() -> None:
    error = unservable(SERVICE, {"paths": {"/things": {"get": {}}}})
    assert error.reason == "KeyError: 'responses'"
    assert isinstance(error.__cause__, KeyError)


def test_the_owner_of_a_long_path_costs_no_more_than_that_of_a_short_one() -> None:
    assert ROUTING.owner("/things" + "/" * 16_000).name == "toy"
    assert ROUTING.owner("/thingsandmore" + "/x" * 8_000).name == "control"
    assert steps(lambda: ROUTING.owner("/" * 16_000)) < 100
