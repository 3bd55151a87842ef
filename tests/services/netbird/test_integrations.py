"""Integrations of every kind are created, found, changed and deleted by the same rules."""

from __future__ import annotations

from typing import Any

import pytest

from mockserver.core.ids import checksum62
from tests.services.netbird.account import AZURE, CUSTOMER, GOOGLE, KEY, NEW, OKTA, TENANT, Account

KINDS = pytest.mark.parametrize("kind", [GOOGLE, AZURE, OKTA], ids=["google", "azure", "okta"])
SYNCHRONISED = pytest.mark.parametrize("kind", [GOOGLE, AZURE], ids=["google", "azure"])
PREFIXES: dict[str, Any] = {"group_prefixes": [], "user_group_prefixes": []}


def unmasked(answer: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in answer.items() if name != "auth_token"}


@KINDS
def test_an_integration_can_be_read_from_its_creation_to_its_deletion(account: Account, kind: str) -> None:
    created = account.ask("POST", kind, NEW[kind])
    path = f"{kind}/{created['id']}"
    assert unmasked(account.ask("GET", path)) == unmasked(created)
    assert account.ask("GET", kind) == [account.ask("GET", path)]
    changed = account.ask("PUT", path, {"enabled": False, "group_prefixes": ["Eng"]})
    assert unmasked(changed) == {**unmasked(created), "enabled": False, "group_prefixes": ["Eng"]}
    assert unmasked(account.ask("GET", path)) == unmasked(changed)
    assert account.ask("DELETE", path) == {}
    assert account.ask("GET", kind) == []
    for method, body in (("GET", None), ("PUT", {}), ("DELETE", None)):
        assert account.refused(method, path, body) == (404, "integration not found")
    assert account.refused("GET", f"{path}/logs") == (404, "integration not found")


@KINDS
def test_ids_count_up_for_each_kind_and_are_never_reused(account: Account, kind: str) -> None:
    assert [account.add(kind) for _ in range(2)] == [f"{kind}/1", f"{kind}/2"]
    account.ask("DELETE", f"{kind}/2")
    assert account.add(kind) == f"{kind}/3"
    assert [it["id"] for it in account.ask("GET", kind)] == [1, 3]


def test_an_integration_is_not_found_among_another_kind(account: Account) -> None:
    account.add(GOOGLE)
    assert account.refused("GET", f"{AZURE}/1") == (404, "integration not found")


def test_responses_have_exactly_the_documented_fields_in_their_order(account: Account) -> None:
    schedule = {"sync_interval": 300, "enabled": True}
    google = {"id": 1, "customer_id": "C01abc23d", **schedule, **PREFIXES}
    azure = {"id": 1, "client_id": "app", "tenant_id": "tenant", **schedule, **PREFIXES}
    assert list(account.ask("POST", GOOGLE, CUSTOMER).items()) == list(google.items())
    assert list(account.ask("POST", AZURE, TENANT).items()) == list(azure.items())
    assert [*account.ask("POST", OKTA, {})] == ["id", "enabled", *PREFIXES, "auth_token"]


@SYNCHRONISED
def test_the_settings_in_a_request_are_stored(account: Account, kind: str) -> None:
    sent = {"sync_interval": 600, "group_prefixes": ["a"], "user_group_prefixes": ["b"]}
    answer = account.ask("POST", kind, {**NEW[kind], **sent})
    assert {name: answer[name] for name in sent} == sent


@SYNCHRONISED
@pytest.mark.parametrize("interval", [299, 0, -1, 2**31])
def test_an_interval_out_of_range_is_422(account: Account, kind: str, interval: int) -> None:
    status, message = account.refused("POST", kind, {**NEW[kind], "sync_interval": interval})
    assert (status, message.split()[0]) == (422, "sync_interval")


def test_an_interval_may_have_a_zero_fraction(account: Account) -> None:
    assert account.ask("POST", GOOGLE, {**CUSTOMER, "sync_interval": 3e2})["sync_interval"] == 300


@pytest.mark.parametrize(
    ("kind", "sent", "message"),
    [
        (GOOGLE, {}, "service_account_key is required"),
        (GOOGLE, {"service_account_key": KEY}, "customer_id is required"),
        (GOOGLE, {**CUSTOMER, "service_account_key": "no base64!"}, "service_account_key is not valid"),
        (GOOGLE, {**CUSTOMER, "service_account_key": "bm8ganNvbg=="}, "service_account_key is not valid"),
        (GOOGLE, {**CUSTOMER, "service_account_key": ""}, "service_account_key is not valid"),
        (GOOGLE, {**CUSTOMER, "customer_id": ""}, "customer_id must not be shorter than 1 characters"),
        (AZURE, {}, "client_secret is required"),
        (AZURE, {**TENANT, "client_secret": "no base64!"}, "client_secret is not valid"),
        (AZURE, {"client_secret": "c2VjcmV0"}, "client_id is required"),
        (AZURE, {"client_secret": "c2VjcmV0", "client_id": "a"}, "tenant_id is required"),
        (OKTA, {"group_prefixes": [""]}, "group_prefixes must not be shorter than 1 characters"),
    ],
)
def test_the_error_names_a_missing_or_invalid_field(account: Account, kind: str, sent: object, message: str) -> None:
    assert account.refused("POST", kind, sent) == (422, message)
    assert account.ask("GET", kind) == []


@SYNCHRONISED
def test_secrets_are_never_returned(account: Account, kind: str) -> None:
    path = account.add(kind)
    for answer in (account.ask("GET", path), account.ask("PUT", path, NEW[kind]), account.ask("GET", kind)):
        assert KEY not in str(answer)
        assert "c2VjcmV0" not in str(answer)


def test_an_okta_token_is_whole_after_create_update_and_regenerate_and_masked_in_reads(account: Account) -> None:
    token = account.ask("POST", OKTA, {})["auth_token"]
    assert (token[:4], token[34:], len(token)) == ("nbs_", checksum62(token[4:34]), 40)
    masked = token[:7] + "*" * 33
    assert account.ask("GET", f"{OKTA}/1")["auth_token"] == masked
    assert account.ask("GET", OKTA)[0]["auth_token"] == masked
    assert account.ask("PUT", f"{OKTA}/1", {})["auth_token"] == token
    new = account.ask("POST", f"{OKTA}/1/token")["auth_token"]
    assert new != token
    assert account.ask("PUT", f"{OKTA}/1", {})["auth_token"] == new


def test_regenerating_the_token_invalidates_the_old_one_at_the_scim_endpoint(account: Account) -> None:
    old = account.ask("POST", OKTA, {})["auth_token"]
    new = account.ask("POST", f"{OKTA}/1/token")["auth_token"]
    users = "/api/scim/v2/Users"
    account.world.settings.options["auth"] = "strict"
    assert account.call("GET", users, credential=f"Bearer {new}").status == 200
    assert account.call("GET", users, credential=f"Bearer {old}").status == 401


def test_a_disabled_or_deleted_okta_integration_refuses_its_token(account: Account) -> None:
    token = account.ask("POST", OKTA, {})["auth_token"]
    account.world.settings.options["auth"] = "strict"
    for method, body in (("PUT", {"enabled": False}), ("DELETE", None)):
        account.call(method, f"{OKTA}/1", body, "Token mock-admin")
        assert account.call("GET", "/api/scim/v2/Users", credential=f"Bearer {token}").status == 401


def test_unknown_fields_of_a_body_are_not_stored(account: Account) -> None:
    path = account.add(GOOGLE)
    account.ask("PUT", path, {"id": 7, "created": 0, "auth_token": "x", "customer_id": "C2"})
    assert account.ask("GET", path)["id"] == 1
    assert account.ask("GET", GOOGLE)[0]["customer_id"] == "C2"


@SYNCHRONISED
def test_the_credential_of_a_directory_is_not_in_the_journal(account: Account, kind: str) -> None:
    path = account.add(kind)
    account.ask("PUT", path, NEW[kind])
    account.refused("POST", kind, {**NEW[kind], "customer_id": 1, "client_id": 1})
    journal = account.call("GET", "/_mock/worlds/default/journal").body.decode()
    assert "service_account_key" in journal or "client_secret" in journal
    assert KEY not in journal
    assert TENANT["client_secret"] not in journal
