"""API accounts: programs that log in with a client id and a password."""

from __future__ import annotations

from mockserver.core.messages import Json
from mockserver.core.problems import NotFound
from mockserver.engine.service import Call
from mockserver.services.netfoundry import access, crud, default_roles, views
from mockserver.services.netfoundry.catalogue import API_ACCOUNT
from mockserver.state.store import Record


def get_api_account_identity_by_client_id(call: Call) -> Json:
    """Returns the API account with this client id. At Cognito the id may have the form `pool|client id`."""
    account = by_client_id(call, call.path["clientId"])
    if account is None:
        raise NotFound(API_ACCOUNT.display_name, call.path["clientId"])
    access.check(call, account["organizationId"])
    return views.api_account(call, account)


def create_api_account_identity(call: Call) -> Json:
    """Creates an API account and, on request, grants it the organization's default roles.

    Only this response contains the password.
    """
    client_id, account = _register(call)
    if call.body.get("grantDefaultRoles"):
        default_roles.grant_all(call, account["organizationId"], account["id"])
    body = views.api_account(call, account)
    return {
        "apiAccountIdentity": body,
        "clientId": client_id,
        "password": account["password"],
        "authenticationUrl": body["authenticationUrl"],
    }


def by_client_id(call: Call, client_id: str) -> Record | None:
    """Returns the API account with this client id; None if there is none or it is deleted."""
    accounts = call.records.matching(API_ACCOUNT.collection, "clients", client_id)
    return next((account for account in accounts if account["deletedAt"] is None), None)


def client_ids(account: Record) -> list[str]:
    """Returns the client ids that find an API account: at Cognito `pool|client id` as well as the client id alone."""
    if account["auth0ClientId"]:
        return [account["auth0ClientId"]]
    return [account["awsCognitoClientId"], account["awsCognitoClientId"].rpartition("|")[2]]


def _register(call: Call) -> tuple[str, Record]:
    """Stores the new account and returns its client id with it.

    A client id of Auth0 is a UUID. Cognito has pools of clients: the record keeps the pool, the client id is short.
    """
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
