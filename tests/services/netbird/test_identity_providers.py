"""Identity providers are created, found, replaced and deleted; responses never contain their secrets."""

from __future__ import annotations

import re
from typing import Any

import pytest

from mockserver.state.store import Transaction
from tests.services.netbird.account import PROVIDER, PROVIDERS, Account

SHOWN = {name: value for name, value in PROVIDER.items() if name != "client_secret"}
TYPES = ["oidc", "zitadel", "entra", "google", "okta", "pocketid", "microsoft", "adfs", "authentik", "keycloak"]


def secret(account: Account, key: str) -> Any:
    record = Transaction(account.world.state).get("netbird.identity_providers", key)
    assert record is not None
    return record["client_secret"]


def test_a_provider_can_be_read_from_its_creation_to_its_deletion(account: Account) -> None:
    created = account.ask("POST", PROVIDERS, PROVIDER)
    path = f"{PROVIDERS}/{created['id']}"
    assert created == {"id": created["id"], **SHOWN}
    assert account.ask("GET", path) == created
    assert account.ask("GET", PROVIDERS) == [created]
    changed = account.ask("PUT", path, {**PROVIDER, "name": "Home"})
    assert changed == {**created, "name": "Home"} == account.ask("GET", path)
    assert account.ask("DELETE", path) == {}
    assert account.ask("GET", PROVIDERS) == []
    for method, body in (("GET", None), ("PUT", PROVIDER), ("DELETE", None)):
        assert account.refused(method, path, body) == (404, "identity provider not found")


@pytest.mark.parametrize("kind", TYPES)
def test_an_id_is_an_xid_prefixed_with_every_type_but_oidc(account: Account, kind: str) -> None:
    created = account.ask("POST", PROVIDERS, {**PROVIDER, "type": kind})
    prefix = "" if kind == "oidc" else f"{kind}-"
    assert re.fullmatch(f"{prefix}[0-9a-v]{{20}}", created["id"])


def test_providers_are_listed_oldest_first(account: Account) -> None:
    for name in ("b", "a", "c"):
        account.ask("POST", PROVIDERS, {**PROVIDER, "name": name})
    assert [it["name"] for it in account.ask("GET", PROVIDERS)] == ["b", "a", "c"]


@pytest.mark.parametrize("sent", [{}, {"client_secret": ""}])
def test_an_absent_or_empty_secret_keeps_the_old_one(account: Account, sent: dict[str, str]) -> None:
    created = account.ask("POST", PROVIDERS, PROVIDER)
    account.ask("PUT", f"{PROVIDERS}/{created['id']}", {**SHOWN, **sent})
    assert secret(account, created["id"]) == "hidden"
    account.ask("PUT", f"{PROVIDERS}/{created['id']}", {**SHOWN, "client_secret": "new"})
    assert secret(account, created["id"]) == "new"


WRONG = [
    ({}, "identity provider name is required"),
    ({"name": ""}, "identity provider name is required"),
    ({"name": "n"}, "identity provider type is required"),
    ({"name": "n", "type": "github"}, "unsupported identity provider type"),
    ({"name": "n", "type": ""}, "unsupported identity provider type"),
    ({"name": "n", "type": "okta"}, "identity provider issuer is required"),
    ({"name": "n", "type": "okta", "issuer": "x"}, "identity provider issuer must be a valid URL"),
    ({"name": "n", "type": "okta", "issuer": "ftp://a.example"}, "identity provider issuer must be a valid URL"),
    ({"name": "n", "type": "okta", "issuer": "https://a.example"}, "identity provider client id is required"),
    ({"client_secret": "", "type": "github"}, "identity provider name is required"),
]


@pytest.mark.parametrize(("sent", "message"), WRONG)
def test_fields_are_checked_in_the_products_order(account: Account, sent: dict[str, str], message: str) -> None:
    assert account.refused("POST", PROVIDERS, sent) == (422, message)
    path = f"{PROVIDERS}/{account.ask('POST', PROVIDERS, PROVIDER)['id']}"
    assert account.refused("PUT", path, sent) == (422, message)


def test_a_new_provider_requires_a_secret(account: Account) -> None:
    for sent in (SHOWN, {**SHOWN, "client_secret": ""}):
        assert account.refused("POST", PROVIDERS, sent) == (422, "identity provider client secret is required")


def test_an_invalid_request_changes_nothing(account: Account) -> None:
    path = f"{PROVIDERS}/{account.ask('POST', PROVIDERS, PROVIDER)['id']}"
    before = account.world.state
    account.refused("PUT", path, {**PROVIDER, "type": "github"})
    account.refused("POST", PROVIDERS, {})
    account.refused("DELETE", f"{PROVIDERS}/nowhere")
    assert account.world.state is before
