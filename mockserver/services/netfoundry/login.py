"""Logging in: users in a browser, through a connection of their organization; API accounts with a password.

Both ways yield a JWT. The `nfToken` of a browser carries the facts of the login to the login page. An access token
names the caller; it is valid as long as the world stores its digest and it has not expired.
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
    """Returns a token for logging in to the organization with this label; 400 if the organization is inactive."""
    organization = by_label(call, call.body["label"])
    if not organization["active"]:
        raise Refused("label: the organization is not active")
    return interactive(call, organization, {"flow": "login"})


def interactive(call: Call, organization: Record, facts: Record) -> Json:
    """Returns the `nfToken` for a login in a browser, and the connections of the organization that allow it.

    `facts` are claims that the token carries beside the usual ones.
    """
    connection_ids = connections(call, organization)
    claims = {
        **_stamps(call, INTERACTIVE_SECONDS),
        "aud": LOGIN_PAGE,
        **facts,
        "tenantLabel": organization["label"],
        "auth0ConnectionIds": connection_ids,
        "redirectUrl": call.body["intermediateReturnUrl"],
    }
    return {"nfToken": tokens.sign(claims), "auth0ConnectionIds": connection_ids}


def issue_access_token(call: Call) -> Json:
    """Exchanges client credentials for an access token. 401 for an unknown client as for a wrong password."""
    client_id, password = _credentials(call)
    account = api_accounts.by_client_id(call, client_id)
    is_correct = account is not None and hmac.compare_digest(account["password"].encode(), password.encode())
    if account is None or not is_correct or not access.is_active(call.records, account):
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
    """Returns the public keys that verify all tokens."""
    return tokens.key_set()


def _stamps(call: Call, seconds: int) -> dict[str, Json]:
    """Returns the claims about issuer and lifetime of a token that is valid for so many seconds."""
    issued_at = call.now // NANOSECONDS
    return {"iat": issued_at, "exp": issued_at + seconds, "iss": call.base + MOUNT}


def _credentials(call: Call) -> tuple[str, str]:
    """Returns client id and password, from HTTP Basic authentication or from the form."""
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
