"""NetBird accepts the schemes `Token` and `Bearer`; its errors are a message and a code."""

from __future__ import annotations

import pytest

from tests.services.netbird.account import GOOGLE, OKTA, PROVIDER, PROVIDERS, Account

UNREADABLE = (400, "couldn't parse JSON request")


@pytest.mark.parametrize("credential", ["Token nbp_x", "token nbp_x", "Bearer nbp_x", "BEARER nbp_x"])
def test_a_token_is_accepted_in_both_schemes(account: Account, credential: str) -> None:
    assert account.call("GET", PROVIDERS, credential=credential).status == 200


@pytest.mark.parametrize("credential", [None, "", "Basic nbp_x", "Token", "Token ", "nbp_x", "Api-Key nbp_x"])
def test_a_missing_token_is_401(account: Account, credential: str | None) -> None:
    expected = (401, "no valid authentication provided")
    assert account.refused("GET", PROVIDERS, credential=credential) == expected


@pytest.mark.parametrize("credential", ["Token mock-expired", "Bearer mock-revoked"])
def test_an_expired_or_revoked_token_is_invalid(account: Account, credential: str) -> None:
    assert account.refused("GET", PROVIDERS, credential=credential) == (401, "token invalid")


def test_an_unknown_token_is_invalid_in_a_strict_world() -> None:
    assert Account(auth="strict").refused("GET", PROVIDERS) == (401, "token invalid")


def test_a_reader_may_only_read(account: Account) -> None:
    assert account.call("GET", PROVIDERS, credential="Token mock-reader").status == 200
    refused = account.refused("POST", PROVIDERS, PROVIDER, "Token mock-reader")
    assert refused == (403, "permission denied")


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"",
        b"\xff",
        b"[" * 100,
        b'{"name": 1}',
        b"[]",
        b'"x"',
        b"null",
        b'{"name": "a", "name": "b"}',
        b'{"name": null}',
    ],
)
def test_a_body_of_the_wrong_type_is_400(account: Account, body: bytes) -> None:
    assert account.refused("POST", PROVIDERS, body) == UNREADABLE


@pytest.mark.parametrize("key", ["x", "0", "-1", "1.0", "9223372036854775808", "%00", "1%201", "\uff11"])
def test_an_integration_id_is_a_positive_int64(account: Account, key: str) -> None:
    assert account.refused("GET", f"{GOOGLE}/{key}") == (400, "invalid integration ID")


def test_an_unused_id_is_404(account: Account) -> None:
    assert account.refused("GET", f"{OKTA}/9223372036854775807") == (404, "integration not found")


def test_an_unknown_path_lists_the_nearest_operations_and_a_wrong_method_the_allowed_ones(account: Account) -> None:
    status, message = account.refused("GET", "/api/identity-providers/1/2")
    assert status == 404
    assert "GET /api/identity-providers/{idpId}" in message
    response = account.call("PATCH", PROVIDERS)
    assert (response.status, response.json()["message"]) == (405, "method not allowed")
    assert response.header("Allow") == "GET, HEAD, OPTIONS, POST"


def test_responses_are_json_in_utf_8(account: Account) -> None:
    for path in (PROVIDERS, "/api/identity-providers/nowhere"):
        assert account.call("GET", path).header("Content-Type") == "application/json; charset=UTF-8"


def test_a_strict_world_names_unknown_fields() -> None:
    account = Account(strict=True)
    assert account.refused("GET", f"{PROVIDERS}?verbose=1") == (400, "unknown query field verbose")
    assert account.refused("POST", PROVIDERS, {**PROVIDER, "nmae": 1}) == (400, "unknown body field nmae")
