"""Logging in: people through a browser and a connection of their organization, API accounts with a password.

Both ways end in a JWT. What a browser carries to the login page (`nfToken`) says where it comes from and where to go;
an access token says who calls. Access tokens are good because the world remembers them, by their digest.
"""

from __future__ import annotations

import binascii
import hmac
from base64 import b64decode

from mockserver.core import tokens
from mockserver.core.clock import NANOSECONDS
from mockserver.core.messages import Json, Request
from mockserver.core.problems import Refused, Unauthenticated
from mockserver.engine.service import Call
from mockserver.services.netfoundry import access, api_accounts
from mockserver.services.netfoundry.organizations import by_label, connections
from mockserver.state.store import Record

MOUNT = "/identity/v1"
LOGIN_PAGE = "https://netfoundry-sandbox.auth0.com/"
INTERACTIVE_SECONDS = 900
ACCESS_SECONDS = 3600


def initiate_authorization(call: Call) -> Json:
    """The way into an active organization, found by its label."""
    organization = by_label(call, call.body["label"])
    if not organization["active"]:
        raise Refused("label: the organization is not active")
    return interactive(call, organization, {"flow": "login"})


def interactive(call: Call, organization: Record, facts: Record) -> Json:
    """A signed token to carry through a login at one of the organization's connections, and those connections."""
    open_connections = connections(call, organization)
    claims = {
        **_stamps(call, INTERACTIVE_SECONDS),
        "aud": LOGIN_PAGE,
        **facts,
        "tenantLabel": organization["label"],
        "auth0ConnectionIds": open_connections,
        "redirectUrl": call.body["intermediateReturnUrl"],
    }
    return {"nfToken": tokens.sign(claims), "auth0ConnectionIds": open_connections}


def issue_access_token(call: Call) -> Json:
    """Client credentials for an access token. A wrong password and an unknown client are refused alike."""
    client_id, password = _credentials(call)
    account = api_accounts.by_client_id(call, client_id)
    known = account is not None and hmac.compare_digest(account["password"].encode(), password.encode())
    if account is None or not known or not access.in_force(call.records, account):
        raise Unauthenticated("client authentication failed", given=True)
    token = tokens.sign(
        {
            **_stamps(call, ACCESS_SECONDS),
            "sub": account["id"],
            "client_id": client_id,
            "token_use": "access",
            "jti": call.ids.uuid(),
        }
    )
    access.remember(call.records, token, account["id"], call.now + ACCESS_SECONDS * NANOSECONDS)
    return {"access_token": token, "expires_in": ACCESS_SECONDS, "token_type": "Bearer"}


def get_json_web_key_set(call: Call) -> Json:
    """The public keys of all tokens."""
    return tokens.key_set()


def _stamps(call: Call, seconds: int) -> dict[str, Json]:
    issued_at = call.now // NANOSECONDS
    return {"iat": issued_at, "exp": issued_at + seconds, "iss": call.base + MOUNT}


def _credentials(call: Call) -> tuple[str, str]:
    """Client id and password, by HTTP Basic or in the form."""
    basic = _basic(call.request)
    if basic is not None:
        return basic
    if "client_id" not in call.body or "client_secret" not in call.body:
        raise Unauthenticated("client authentication is required")
    return call.body["client_id"], call.body["client_secret"]


def _basic(request: Request) -> tuple[str, str] | None:
    scheme, _, encoded = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        client_id, _, password = b64decode(encoded.strip(), validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        raise Unauthenticated("the Basic credentials can't be read", given=True) from None
    return client_id, password
