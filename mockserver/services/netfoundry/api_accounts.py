"""API accounts: programs that log in with a client id and a password."""

from __future__ import annotations

from mockserver.core.messages import Json
from mockserver.core.problems import NotFound
from mockserver.engine.service import Call
from mockserver.services.netfoundry import access, crud, default_roles, views
from mockserver.services.netfoundry.catalogue import API_ACCOUNT
from mockserver.state.store import Record


def get_api_account_identity_by_client_id(call: Call) -> Json:
    """The account that logs in with a client id; one at Cognito is also found by pool and client id together."""
    account = by_client_id(call, call.path["clientId"])
    if account is None:
        raise NotFound(API_ACCOUNT.noun, call.path["clientId"])
    access.check(call, account["organizationId"])
    return views.api_account(call, account)


def create_api_account_identity(call: Call) -> Json:
    """The password is shown here and never again. Default roles are granted on request."""
    client_id, account = _register(call)
    if call.body.get("grantDefaultRoles"):
        default_roles.grant_all(call, account["organizationId"], account["id"])
    shown = views.api_account(call, account)
    return {
        "apiAccountIdentity": shown,
        "clientId": client_id,
        "password": account["password"],
        "authenticationUrl": shown["authenticationUrl"],
    }


def by_client_id(call: Call, client_id: str) -> Record | None:
    """The account that a client id stands for, unless it is deleted."""
    found = call.records.matching(API_ACCOUNT.collection, "clients", client_id)
    return next((account for account in found if account["deletedAt"] is None), None)


def client_ids(account: Record) -> list[str]:
    """What an account can be found by: the client id, and at Cognito also pool|client id."""
    if account["auth0ClientId"]:
        return [account["auth0ClientId"]]
    return [account["awsCognitoClientId"], account["awsCognitoClientId"].rpartition("|")[2]]


def _register(call: Call) -> tuple[str, Record]:
    """Creates the account at its provider: Auth0 names it by a UUID, Cognito by a pool and a client id in it."""
    at_auth0 = call.body.get("provider") == "Auth0"
    client_id = call.ids.uuid() if at_auth0 else _letters(call, 8)
    account = crud.add(
        API_ACCOUNT,
        call,
        call.body,
        auth0ClientId=client_id if at_auth0 else None,
        awsCognitoClientId=None if at_auth0 else f"{call.ids.uuid()}|{client_id}",
        authenticationUrl=None,
        password=_letters(call, 24),
    )
    return client_id, account


def _letters(call: Call, length: int) -> str:
    return "".join(chr(ord("a") + byte % 26) for byte in call.ids.draw(length))
