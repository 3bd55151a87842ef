"""Logging in: API accounts with a password, users in a browser."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pytest

from mockserver import Headers, Request, Response
from mockserver.core import tokens
from tests.services.netfoundry.client import NOBODY, Client

FORM = "application/x-www-form-urlencoded"
PAGE = "https://console.test.example/"


def account(client: Client, **more: object) -> Any:
    """Creates an account in a new organization."""
    return client.account(client.organization()["id"], **more)


def post_form(client: Client, form: dict[str, str] | bytes, **headers: str) -> Response:
    """Returns the response of the token endpoint to a form."""
    body = form if isinstance(form, bytes) else urlencode(form).encode()
    sent = {"X-Mock-World": client.world, "Content-Type": FORM} | headers
    return client.server.handle(Request("POST", "/oauth2/token", Headers(sent), body))


@pytest.mark.parametrize("provider", ["Auth0", "Cognito"])
def test_an_account_that_logs_in_gets_its_own_identity(provider: str) -> None:
    client = Client()
    made = account(client, provider=provider)
    answer = client.log_in(made["clientId"], made["password"]).json()
    assert (answer["token_type"], answer["expires_in"]) == ("Bearer", 3600)
    assert client.call("GET", "/identities/self", token=answer["access_token"]) == made["apiAccountIdentity"]


def test_the_authentication_url_is_the_one_through_which_the_caller_reached_this_world() -> None:
    client = Client()
    url = f"http://127.0.0.1:8080/_mock/w/{client.world}/oauth2/token"
    made = account(client)
    assert made["authenticationUrl"] == made["apiAccountIdentity"]["authenticationUrl"] == url


def test_the_credentials_may_come_in_the_form() -> None:
    client = Client()
    made = account(client)
    form = {"client_id": made["clientId"], "client_secret": made["password"]}
    response = post_form(client, {"grant_type": "client_credentials", "scope": "x", **form})
    assert response.status == 200


def test_an_access_token_names_subject_issuer_and_expiry() -> None:
    client = Client()
    made = account(client)
    claims = tokens.verify(client.token(made["clientId"], made["password"]))
    assert claims is not None
    assert claims["sub"] == made["apiAccountIdentity"]["id"]
    assert claims["iss"] == f"http://127.0.0.1:8080/_mock/w/{client.world}/identity/v1"
    assert claims["exp"] - claims["iat"] == 3600


@pytest.mark.parametrize(("name", "password"), [("right", "wrong"), ("wrong", "right"), ("right", ""), ("", "")])
def test_all_wrong_credentials_get_the_same_error(name: str, password: str) -> None:
    client = Client()
    made = account(client)
    names, passwords = {"right": made["clientId"], "wrong": "nobody"}, {"right": made["password"], "wrong": "x"}
    response = client.log_in(names.get(name, name), passwords.get(password, password))
    assert response.status == 401
    assert response.json() == {"error": "invalid_client", "error_description": "client authentication failed"}
    assert response.header("WWW-Authenticate") == "Basic"


@pytest.mark.parametrize("basic", ["", "!", "bm9uZQ==", "/w=="])
def test_malformed_basic_credentials_are_401(basic: str) -> None:
    response = post_form(Client(), {"grant_type": "client_credentials"}, Authorization=f"Basic {basic}")
    assert response.status == 401
    assert response.json()["error"] == "invalid_client"


@pytest.mark.parametrize(
    ("body", "content_type", "status", "error"),
    [
        (b"grant_type=password", FORM, 400, "unsupported_grant_type"),
        (b"scope=x", FORM, 400, "invalid_request"),
        (b"", FORM, 400, "invalid_request"),
        (b"grant_type=%ff", FORM, 400, "invalid_request"),
        (b"{}", "application/json", 415, "invalid_request"),
        (b"grant_type=client_credentials", FORM, 401, "invalid_client"),
    ],
)
def test_the_token_endpoint_answers_with_oauth_errors(body: bytes, content_type: str, status: int, error: str) -> None:
    response = post_form(Client(), body, **{"Content-Type": content_type})
    assert response.status == status
    assert response.json()["error"] == error
    assert response.json().keys() == {"error", "error_description"}


def test_an_access_token_expires_after_an_hour() -> None:
    client = Client()
    made = account(client)
    token = client.token(made["clientId"], made["password"])
    client.pass_time(3599)
    assert client.send("GET", "/identities/self", token=token).status == 200
    client.pass_time(1)
    assert client.send("GET", "/identities/self", token=token).status == 401


def test_a_token_is_invalid_in_another_world() -> None:
    client = Client()
    made = account(client)
    token = client.token(made["clientId"], made["password"])
    assert Client().send("GET", "/identities/self", token=token).status == 401


@pytest.mark.parametrize("kind", ["api-account-identities", "organizations"])
def test_neither_login_nor_token_works_while_the_account_or_its_organization_is_inactive(kind: str) -> None:
    client = Client()
    made = account(client)
    identity = made["apiAccountIdentity"]
    token = client.token(made["clientId"], made["password"])
    key = identity["organizationId"] if kind == "organizations" else identity["id"]
    client.call("PUT", f"/{kind}/{key}/deactivate")
    assert client.send("GET", "/identities/self", token=token).status == 401
    assert client.log_in(made["clientId"], made["password"]).status == 401
    client.call("PUT", f"/{kind}/{key}/activate")
    assert client.send("GET", "/identities/self", token=token).status == 200


def test_a_world_stores_a_bounded_number_of_tokens_for_each_identity() -> None:
    client = Client()
    made = account(client)
    issued = [client.token(made["clientId"], made["password"]) for _ in range(101)]
    kept = [client.send("GET", "/identities/self", token=token).status for token in issued]
    assert kept == [401] + [200] * 100


def test_the_public_keys_require_no_credentials() -> None:
    assert Client().call("GET", "/.well-known/jwks.json", token=None) == tokens.key_set()


def test_a_browser_login_lists_the_active_connections_of_the_organization() -> None:
    client = Client()
    organization = client.organization(auth0ConnectionId="con-1")
    provider = {"auth0ConnectionId": "con-2", "identityProviderName": "Two", "auth0ConnectionType": "Social"}
    client.call("POST", f"/organizations/{organization['id']}/identity-providers", provider)
    first = organization["identityProviders"][0]["id"]
    client.call("PUT", f"/identity-providers/{first}/deactivate")
    request_body = {"label": "TEST", "intermediateReturnUrl": PAGE}
    answer = client.call("POST", "/organizations/authorize-initiate", request_body, token=None)
    claims = tokens.verify(answer["nfToken"])
    assert claims is not None
    assert claims["auth0ConnectionIds"] == answer["auth0ConnectionIds"] == ["con-2"]
    assert (claims["flow"], claims["tenantLabel"], claims["redirectUrl"]) == ("login", "TEST", PAGE)
    assert claims["exp"] - claims["iat"] == 900
    assert "invitationId" not in claims


def test_nobody_logs_in_to_an_unknown_or_inactive_organization() -> None:
    client = Client()
    request_body = {"label": "TEST", "intermediateReturnUrl": PAGE}
    assert client.send("POST", "/organizations/authorize-initiate", request_body, token=None).status == 404
    client.call("PUT", f"/organizations/{client.organization()['id']}/deactivate")
    response = client.send("POST", "/organizations/authorize-initiate", request_body, token=None)
    assert response.status == 400
    assert "label" in response.json()["message"]


def test_equal_worlds_and_requests_give_equal_tokens() -> None:
    answers = []
    for _ in range(2):
        client = Client()
        client.world = "same"
        client.server.worlds.create_or_replace("same", "empty", seed=7)
        made = account(client)
        answers.append(client.log_in(made["clientId"], made["password"]).body)
    assert answers[0] == answers[1]


@pytest.mark.parametrize(("token", "name"), [("mock-admin", "Ada Administrator"), ("mock-reader", "Rita Reader")])
def test_the_special_credentials_have_identities(token: str, name: str) -> None:
    client = Client()
    own = client.call("GET", "/identities/self", token=token)
    assert own["name"] == name
    assert client.call("GET", f"/identities/{own['id']}") == own
    assert client.call("GET", "/identities") == []


def test_an_unknown_identity_is_not_found() -> None:
    assert Client().send("GET", f"/identities/{NOBODY}").status == 404
