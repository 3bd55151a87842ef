"""What every service shares: the ordinary rule of authorization, ids, and the credential of a bearer scheme."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from mockserver.core.ids import Ids
from mockserver.core.messages import Answer, Headers, Request
from mockserver.documents.spec import operations
from mockserver.engine.service import (
    ADMINISTRATOR,
    CONTROL,
    READER,
    Call,
    Principal,
    Service,
    bearer,
    issues_no_credentials,
    may_by_role,
)
from mockserver.state.store import Transaction, load

ANY: dict[str, Any] = {"operationId": "any", "responses": {"200": {"description": "Done."}}}
METHODS = ("get", "head", "post", "put", "patch", "delete")
OPERATIONS = {
    operation.method: operation for operation in operations("test", {"paths": {"/": dict.fromkeys(METHODS, ANY)}})
}


def call(method: str, principal: Principal, seed: int = 0) -> Call:
    records = Transaction(load((), {}), seed)
    return Call(OPERATIONS[method], Request(method, "/"), records, 0, 0, "", {}, principal, {}, {}, {}, None)


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"])
def test_readers_may_read_and_everybody_else_may_do_anything(method: str) -> None:
    assert may_by_role(call(method, READER)) is (method in ("GET", "HEAD"))
    assert may_by_role(call(method, ADMINISTRATOR)) is True
    assert may_by_role(call(method, Principal("auditor"))) is True


def test_the_roles_and_the_control_plane_have_these_names() -> None:
    assert (Principal("admin", ""), Principal("reader", ""), "control") == (ADMINISTRATOR, READER, CONTROL)


def test_ids_are_made_from_the_seed_of_the_world() -> None:
    expected = Ids(Transaction(load((), {}), 7).draw).uuid()
    made = call("GET", READER, seed=7)
    assert made.ids.uuid() == expected
    assert made.ids.uuid() != expected


def test_a_service_that_issues_no_credentials_knows_none() -> None:
    assert issues_no_credentials("any", Transaction(load((), {})), 0) is None


def test_the_options_of_a_service_are_off_by_default() -> None:
    service = Service("s", {}, lambda _: None, lambda problem, _: Answer(None, problem.status))
    assert (service.media_suffix, service.example_query, service.respell) == ("", "", None)
    assert (service.may, service.issued) == (may_by_role, issues_no_credentials)
    assert replace(service, media_suffix="; x").media_suffix == "; x"


@pytest.mark.parametrize(
    ("header", "credential"),
    [
        ("Bearer abc", "abc"),
        ("BEARER abc", "abc"),
        ("token abc ", "abc"),
        ("Token a b", "a b"),
        ("Basic abc", None),
        ("Bearer", None),
        ("Bearer ", None),
        ("", None),
        ("abc", None),
        (None, None),
    ],
)
def test_a_credential_is_that_of_one_of_the_schemes_in_upper_or_lower_case(
    header: str | None, credential: str | None
) -> None:
    headers = Headers({} if header is None else {"Authorization": header})
    assert bearer(Request("GET", "/", headers), "bearer", "token") == credential
