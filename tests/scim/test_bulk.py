"""Bulk requests."""

from __future__ import annotations

from typing import Any

import pytest

from tests.scim.client import Client, path_of


def bulk(scim: Client, *operations: dict[str, Any], **settings: Any) -> list[dict[str, Any]]:
    response = scim.call("POST", "/Bulk", {"Operations": list(operations), **settings})
    assert response.status == 200, response.body
    outcomes: list[dict[str, Any]] = response.json()["Operations"]
    return outcomes


def creation(name: str, **more: Any) -> dict[str, Any]:
    return {"method": "POST", "path": "/Users", "data": {"userName": name}, **more}


def statuses(outcomes: list[dict[str, Any]]) -> list[str]:
    return [outcome["status"] for outcome in outcomes]


def test_each_operation_has_its_own_outcome(scim: Client) -> None:
    ann = scim.user("ann")
    outcomes = bulk(
        scim,
        creation("bob", bulkId="b"),
        creation("ANN"),
        {"method": "PUT", "path": path_of(ann), "data": {"userName": "ann", "title": "x"}},
        {"method": "PATCH", "path": path_of(ann), "data": {"Operations": [{"op": "remove", "path": "title"}]}},
        {"method": "DELETE", "path": path_of(ann)},
        {"method": "DELETE", "path": path_of(ann)},
    )
    assert statuses(outcomes) == ["201", "409", "200", "200", "204", "404"]
    assert outcomes[0]["bulkId"] == "b"
    assert outcomes[1]["response"]["scimType"] == "uniqueness"
    assert scim.names() == ["bob"]


def test_a_reference_is_replaced_by_the_id_that_an_earlier_operation_created(scim: Client) -> None:
    outcomes = bulk(
        scim,
        creation("ann", bulkId="a"),
        {
            "method": "POST",
            "path": "/Groups",
            "bulkId": "g",
            "data": {"displayName": "Team", "members": [{"value": "bulkId:a"}]},
        },
        {
            "method": "PATCH",
            "path": "/Groups/bulkId:g",
            "data": {"Operations": [{"op": "replace", "path": "displayName", "value": "New"}]},
        },
    )
    assert statuses(outcomes) == ["201", "201", "200"]
    (ann,) = scim.listed()["Resources"]
    assert ann["groups"][0]["display"] == "New"


def test_a_reference_to_nothing_is_invalid(scim: Client) -> None:
    group = {"method": "POST", "path": "/Groups", "data": {"displayName": "T", "members": [{"value": "bulkId:x"}]}}
    assert statuses(bulk(scim, group)) == ["400"]
    assert scim.listed("Groups")["totalResults"] == 0


def test_no_operation_is_tried_after_fail_on_errors_failures(scim: Client) -> None:
    scim.user("ann")
    outcomes = bulk(scim, creation("ann"), creation("bob"), creation("ann"), creation("cid"), failOnErrors=2)
    assert statuses(outcomes) == ["409", "201", "409"]
    assert scim.names() == ["ann", "bob"]


@pytest.mark.parametrize(
    ("operation", "status"),
    [
        ({"method": "POST", "path": "/Users"}, "400"),
        ({"method": "POST", "path": "/Users/x", "data": {"userName": "x"}}, "404"),
        ({"method": "PUT", "path": "/Users", "data": {"userName": "x"}}, "404"),
        ({"method": "PATCH", "path": "/Users/x", "data": {}}, "404"),
        ({"method": "DELETE", "path": "/Groups"}, "404"),
    ],
)
def test_an_invalid_operation_fails(scim: Client, operation: dict[str, Any], status: str) -> None:
    assert statuses(bulk(scim, operation)) == [status]


def test_an_operation_on_another_version_fails(scim: Client) -> None:
    ann = scim.user("ann")
    outcomes = bulk(scim, {"method": "DELETE", "path": path_of(ann), "version": 'W/"99"'})
    assert statuses(outcomes) == ["412"]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"Operations": []},
        {"Operations": [{"method": "GET", "path": "/Users/x"}]},
        {"Operations": [{"method": "POST", "path": "/Hats", "data": {}}]},
        {"Operations": [{"method": "POST", "path": "/Users", "data": []}]},
        {"Operations": [creation("x")], "failOnErrors": 0},
    ],
)
def test_a_body_that_is_no_bulk_request_is_400(scim: Client, body: dict[str, Any]) -> None:
    assert scim.call("POST", "/Bulk", body).status == 400
    assert scim.listed()["totalResults"] == 0


def test_too_many_operations_are_413(scim: Client) -> None:
    assert scim.call("POST", "/Bulk", {"Operations": [creation(f"u{n}") for n in range(1001)]}).status == 413
    assert scim.listed()["totalResults"] == 0
