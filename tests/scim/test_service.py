"""SCIM as a service: authentication, the form of errors, and any input whatever."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contract_tests.framework.scim_grammar import filters, patch_paths
from mockserver.server import MockServer
from tests.scim.client import Client, path_of
from tests.scim.resources import json_values, texts

shared = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


@pytest.mark.parametrize("credential", ["", "Bearer", "Basic YTpi", "Bearer unknown", "Bearer mock-expired"])
def test_a_token_that_selects_no_directory_is_401_before_anything_else_is_checked(
    scim: Client, credential: str
) -> None:
    for method, path in (("GET", "/Users"), ("GET", "/Users/none"), ("POST", "/Users"), ("GET", "/Schemas")):
        refused = scim.call(method, path, Authorization=credential)
        assert refused.status == 401
        assert refused.header("WWW-Authenticate") == "Bearer"
        assert refused.json()["status"] == "401"


def test_the_special_credentials_select_the_first_enabled_integration(scim: Client) -> None:
    scim.user("ann")
    assert scim.call("GET", "/Users", Authorization="Bearer mock-admin").json()["totalResults"] == 1


def test_a_reader_may_only_read_and_search(scim: Client) -> None:
    reader = "Bearer mock-reader"
    assert scim.call("GET", "/Users", Authorization=reader).status == 200
    assert scim.call("POST", "/.search", {}, Authorization=reader).status == 200
    assert scim.call("POST", "/Users", {"userName": "ann"}, Authorization=reader).status == 403
    assert scim.call("POST", "/Bulk", {"Operations": []}, Authorization=reader).status == 403


def test_no_token_is_required_when_authentication_is_off() -> None:
    server = MockServer(scenario="empty", auth="off")
    assert Client(server).call("GET", "/Users", Authorization="").status == 200


def test_strict_authentication_accepts_the_tokens_of_directories() -> None:
    client = Client(MockServer(scenario="empty", auth="strict"))
    assert client.call("GET", "/Users").status == 200
    assert client.call("GET", "/Users", Authorization="Bearer any").status == 401


def test_plain_json_is_accepted_and_other_media_types_are_not(scim: Client) -> None:
    assert scim.call("POST", "/Users", {"userName": "ann"}, Content_Type="application/json").status == 201
    refused = scim.call("POST", "/Users", {"userName": "bob"}, Content_Type="text/plain")
    assert (refused.status, refused.header("Content-Type")) == (415, "application/scim+json")


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/Nothing", 404),
        ("PUT", "/Users", 405),
        ("DELETE", "/Schemas", 405),
        ("GET", "/Me", 404),
        ("GET", "", 404),
    ],
)
def test_unknown_resources_and_paths_get_scim_errors(scim: Client, method: str, path: str, status: int) -> None:
    refused = scim.call(method, path)
    assert refused.status == status
    assert refused.json()["status"] == str(status)
    assert refused.header("Content-Type") == "application/scim+json"


def test_every_listed_resource_type_and_schema_can_be_read(scim: Client) -> None:
    for collection in ("/Schemas", "/ResourceTypes"):
        for resource in scim.call("GET", collection).json()["Resources"]:
            assert scim.call("GET", f"{collection}/{quote(resource['id'])}").json() == resource
    assert scim.call("GET", "/ServiceProviderConfig").json()["patch"] == {"supported": True}
    assert scim.call("GET", "/Schemas/urn:none").status == 404


@shared
@given(filters)
def test_every_grammatical_filter_gets_a_list(scim: Client, text: str) -> None:
    assert scim.call("GET", f"/Users?filter={quote(text)}").status == 200
    assert scim.call("POST", "/.search", {"filter": text}).status == 200


@shared
@given(st.text(max_size=30))
def test_any_query_gets_a_list_or_a_scim_error(scim: Client, text: str) -> None:
    for name in ("filter", "sortBy", "attributes", "excludedAttributes", "startIndex", "count"):
        assert scim.call("GET", f"/Users?{name}={quote(text)}").status in (200, 400)


@shared
@given(
    st.lists(
        st.fixed_dictionaries(
            {"op": st.sampled_from(("add", "Replace", "REMOVE", "x"))},
            optional={"path": patch_paths | st.text(max_size=10), "value": json_values},
        ),
        max_size=3,
    )
)
def test_any_patch_is_applied_or_gets_a_scim_error_and_changes_nothing(
    server: MockServer, operations: list[Any]
) -> None:
    client = Client(server)
    ann = client.user("ann", emails=[{"type": "work", "value": "a"}], title="x")
    before = server.worlds.get("default").state
    response = client.patch(ann, *operations)
    assert response.status in (200, 400, 409)
    if response.status != 200:
        assert server.worlds.get("default").state is before


@shared
@given(st.dictionaries(st.sampled_from(("userName", "emails", "name", "active", "members")) | texts, json_values))
def test_any_user_is_created_or_gets_a_scim_error_and_changes_nothing(server: MockServer, body: dict[str, Any]) -> None:
    client = Client(server)
    before = server.worlds.get("default").state
    response = client.call("POST", "/Users", body)
    assert response.status in (201, 400)
    if response.status != 201:
        assert server.worlds.get("default").state is before
        return
    assert client.call("GET", path_of(response.json())).json() == response.json()
