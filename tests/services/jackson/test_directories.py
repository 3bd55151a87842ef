"""Directories: creating, finding, changing and deleting them."""

from __future__ import annotations

import re

import pytest

from tests.services.jackson.client import Api

WEBHOOK = {"webhook_url": "http://127.0.0.1:9000/hook", "webhook_secret": "hush"}


def test_only_tenant_and_product_are_required_of_a_directory(api: Api) -> None:
    directory = api.directory()
    assert re.fullmatch("[0-9a-f]{40}", directory["id"])
    assert re.fullmatch("[A-Za-z0-9_-]{22}", directory["scim"]["secret"])
    assert directory["name"] == "scim-t-p"
    assert directory["type"] == "generic-scim-v2"
    assert directory["log_webhook_events"] is False
    assert directory["webhook"] == {"endpoint": "", "secret": ""}
    assert directory["scim"]["endpoint"] == "http://localhost:5225" + directory["scim"]["path"]


def test_no_secret_begins_with_a_dash(api: Api) -> None:
    secrets = [api.directory()["scim"]["secret"] for _ in range(300)]
    assert not [secret for secret in secrets if secret.startswith("-")]
    assert len(set(secrets)) == 300


@pytest.mark.parametrize("missing", WEBHOOK)
def test_a_webhook_requires_url_and_secret(api: Api, missing: str) -> None:
    assert api.directory(**WEBHOOK)["webhook"] == {"endpoint": WEBHOOK["webhook_url"], "secret": "hush"}
    assert api.directory(**{**WEBHOOK, missing: None})["webhook"] == {"endpoint": "", "secret": ""}


def test_the_path_of_azure_has_a_flag_and_google_has_no_endpoint(api: Api) -> None:
    assert api.directory(type="azure-scim-v2")["scim"]["endpoint"].endswith("/?aadOptscim062020")
    assert api.directory(type="google")["scim"] == {"path": "", "secret": ""}


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({}, "Missing required parameters."),
        ({"tenant": "t"}, "Missing required parameters."),
        ({"tenant": "t", "product": ""}, "Missing required parameters."),
        ({"tenant": "t:t", "type": "none"}, "Missing required parameters."),
        ({"tenant": "t:t", "product": "p", "type": "none"}, "Invalid directory type."),
        ({"tenant": "t", "product": "p", "type": None}, "Invalid directory type."),
        ({"tenant": "t:t", "product": "p:p"}, "tenant cannot contain the character :"),
        ({"tenant": "t", "product": "p:p"}, "product cannot contain the character :"),
        ({"tenant": "t", "product": "p", "webhook_url": 7}, "webhook_url must be of type null or string"),
    ],
)
def test_an_invalid_directory_gets_the_error_that_the_product_notices_first(
    api: Api, body: object, message: str
) -> None:
    assert api.refusal("POST", "", body) == (400, message)
    assert api.data("GET", "?tenant=t&product=p") == []


def test_a_tenant_and_product_may_have_several_directories_listed_newest_first(api: Api) -> None:
    first, second = api.directory(), api.directory()
    api.directory(tenant="other")
    assert [it["id"] for it in api.data("GET", "?tenant=t&product=p")] == [second["id"], first["id"]]


def test_the_directories_of_a_product_are_listed_in_pages_for_all_tenants(api: Api) -> None:
    made = [api.directory(tenant=f"t{number}")["id"] for number in range(60)]
    api.directory(product="other")
    assert [it["id"] for it in api.data("GET", "/product?product=p")] == made[:9:-1]
    assert [it["id"] for it in api.data("GET", "/product?product=p&pageOffset=50")] == made[9::-1]


@pytest.mark.parametrize("query", ["", "?tenant=t", "?product=p", "?tenant=&product=p"])
def test_a_list_requires_tenant_and_product(api: Api, query: str) -> None:
    assert api.refusal("GET", query) == (400, "Please provide tenant and product")


def test_an_update_changes_only_the_fields_in_the_request(api: Api) -> None:
    directory = api.directory(**WEBHOOK)
    updated = api.data("PATCH", f"/{directory['id']}", {"log_webhook_events": True})
    assert updated == {**directory, "log_webhook_events": True}
    updated = api.data("PATCH", f"/{directory['id']}", {"webhook_url": "", "deactivated": True})
    assert updated["webhook"] == {"endpoint": "", "secret": "hush"}
    assert api.data("GET", f"/{directory['id']}") == updated
    assert updated["deactivated"] is True


def test_an_invalid_update_changes_nothing(api: Api) -> None:
    directory = api.directory()
    body = {"name": "new", "log_webhook_events": "yes"}
    assert api.refusal("PATCH", f"/{directory['id']}", body) == (400, "log_webhook_events must be of type boolean")
    assert api.data("GET", f"/{directory['id']}") == directory


def test_deleting_a_directory_deletes_its_users_groups_and_log(api: Api) -> None:
    gone = api.directory(**WEBHOOK)
    api.data("PATCH", f"/{gone['id']}", {"log_webhook_events": True})
    kept = api.directory()
    user = api.push_user(gone, "ann")
    api.push(gone, "POST", "/Groups", {"displayName": "Devs", "members": [{"value": user["id"]}]})
    api.push_user(kept, "bob")
    assert api.data("DELETE", f"/{gone['id']}") == {}
    assert [it["email"] for it in api.data("GET", "/users?tenant=t&product=p")] == ["bob@acme.example"]
    assert api.data("GET", "/groups?tenant=t&product=p") == []
    assert api.data("GET", "/events?tenant=t&product=p") == []
    assert api.refusal("DELETE", f"/{gone['id']}") == (404, "Directory configuration not found.")


@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
def test_an_unknown_directory_is_not_found(api: Api, method: str) -> None:
    body: object = {} if method == "PATCH" else None
    assert api.refusal(method, "/nobody", body) == (404, "Directory configuration not found.")


def test_both_base_paths_lead_to_the_same_data(api: Api) -> None:
    directory = api.directory()
    answer = api.ask("GET", f"/api/v1/dsync/{directory['id']}")
    assert answer.json()["data"] == directory


def test_urls_lead_back_to_the_world_of_the_caller(api: Api) -> None:
    body = {"tenant": "t", "product": "p"}
    scim = api.ask("POST", "/_mock/w/blue/api/v1/dsync", body).json()["data"]["scim"]
    assert scim["endpoint"] == "http://localhost:5225/_mock/w/blue" + scim["path"]


@pytest.mark.parametrize(
    ("authorization", "status"),
    [("Api-Key k", 200), ("bearer k", 200), ("Basic k", 401), ("Api-Key", 401), ("Api-Key mock-expired", 401)],
)
def test_a_key_comes_as_api_key_or_bearer(documented: Api, authorization: str, status: int) -> None:
    answer = documented.ask("GET", "/api/v1/dsync?tenant=boxyhq&product=jackson", authorization=authorization)
    assert answer.status == status
    if status == 401:
        assert answer.json() == {"error": {"message": "Unauthorized"}}


def test_errors_that_precede_the_operation_have_no_envelope(api: Api) -> None:
    wrong = api.ask("PUT", "/api/v1/directory-sync", {})
    assert (wrong.status, wrong.json()) == (405, {"error": {"message": "Method PUT not allowed."}})
    assert "POST" in (wrong.header("Allow") or "")
    reader = api.ask("POST", "/api/v1/directory-sync", {}, authorization="Api-Key mock-reader")
    assert (reader.status, reader.json()) == (403, {"error": {"message": "Forbidden"}})
