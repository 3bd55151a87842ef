"""`/v1/tokens`: logging in, which VMware's own clients do before anything else.

An access token is valid for an hour, a refresh token for a day. A world stores the digests of the latest `MAX_TOKENS`
of each kind.
"""

from __future__ import annotations

from mockserver.core.clock import NANOSECONDS
from mockserver.core.messages import Json
from mockserver.core.problems import NotFound, Unauthenticated
from mockserver.core.tokens import digest, sign
from mockserver.engine.service import Call, Principal
from mockserver.state.store import Collection, Record, Transaction

HOUR = 3_600 * NANOSECONDS
DAY = 24 * HOUR
MAX_TOKENS = 5_000

USERS = Collection("vcf.users")
"""Key: the user name in lower case; record: `{"password", "role": "admin" or "reader"}`."""
ACCESS_TOKENS = Collection("vcf.access_tokens")
REFRESH_TOKENS = Collection("vcf.refresh_tokens")
"""Key: the token's digest; record: `{"username", "role", "expires": nanoseconds since 1970}`."""
COLLECTIONS = (USERS, ACCESS_TOKENS, REFRESH_TOKENS)

ROLE_NAMES = {"admin": "ADMIN", "reader": "VIEWER"}


def create(call: Call) -> Json:
    """Returns an access token and a refresh token for a user name and a password.

    A strict world accepts only the users of its scenario and their passwords; a lenient one accepts anybody.
    """
    username = call.body["username"]
    user = call.records.get(USERS.name, username.lower())
    is_correct = user is not None and user["password"] == call.body["password"]
    if not is_correct and call.options.get("auth") == "strict":
        raise Unauthenticated("The user name or the password is not right.", given=True)
    login = {"username": username, "role": user["role"] if user else "admin"}
    refresh = call.ids.uuid()
    _store(REFRESH_TOKENS, digest(refresh), {**login, "expires": call.now + DAY}, call.records)
    return {"accessToken": _access_token(login, call), "refreshToken": {"id": refresh}}


def refresh(call: Call) -> Json:
    """Returns another access token for a refresh token; earlier access tokens stay valid.

    404 for a refresh token that is unknown or has expired.
    """
    login = call.records.get(REFRESH_TOKENS.name, digest(call.body))
    if login is None or login["expires"] <= call.now:
        raise NotFound("refresh token")
    return _access_token(login, call)


def issued(credential: str, records: Transaction, now: int) -> Principal | None:
    """Returns the user to whom an access token was issued; None if this world did not issue it.

    Raises Unauthenticated for an expired token, in a lenient world too.
    """
    login = records.get(ACCESS_TOKENS.name, digest(credential))
    if login is None:
        return None
    if login["expires"] <= now:
        raise Unauthenticated("The access token has expired.", given=True)
    return Principal(login["role"], login["username"])


def _access_token(login: Record, call: Call) -> str:
    """Issues an access token for the user and the role of a login."""
    now = call.now // NANOSECONDS
    claims = {
        "jti": call.ids.uuid(),
        "iss": "vcf-auth",
        "aud": "sddc-services",
        "sub": login["username"],
        "name": login["username"],
        "role": [ROLE_NAMES[login["role"]]],
        "iat": now,
        "nbf": now,
        "exp": now + HOUR // NANOSECONDS,
    }
    token = sign(claims)
    record = {"username": login["username"], "role": login["role"], "expires": call.now + HOUR}
    _store(ACCESS_TOKENS, digest(token), record, call.records)
    return token


def _store(collection: Collection, key: str, record: Record, records: Transaction) -> None:
    """Stores a token under its digest and deletes the oldest one beyond `MAX_TOKENS`."""
    records.put(collection.name, key, {"key": key, **record})
    if records.count(collection.name) > MAX_TOKENS:
        records.delete(collection.name, records.page(collection.name, limit=1)[0]["key"])


HANDLERS = {"createToken": create, "refreshAccessToken": refresh}
