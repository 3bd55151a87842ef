"""`/v1/tokens`: logging in, which real clients do before anything else.

An access token is accepted for an hour, a refresh token for a day. A world remembers its latest `KEPT` of each, by
their digests.
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
KEPT = 5_000

USERS = Collection("vcf.users")
"""Key: the user name in lower case; record: `{"password", "role": "admin" or "reader"}`."""
ACCESS_TOKENS = Collection("vcf.access_tokens")
REFRESH_TOKENS = Collection("vcf.refresh_tokens")
"""Key: the token's digest; record: `{"username", "role", "expires": nanoseconds since 1970}`."""
COLLECTIONS = (USERS, ACCESS_TOKENS, REFRESH_TOKENS)

ROLE_NAMES = {"admin": "ADMIN", "reader": "VIEWER"}


def create(call: Call) -> Json:
    """A pair of tokens for a user name and password. A strict world knows the users of its scenario and nobody else."""
    username = call.body["username"]
    user = call.records.get(USERS.name, username.lower())
    known = user is not None and user["password"] == call.body["password"]
    if not known and call.options.get("auth") == "strict":
        raise Unauthenticated("The user name or the password is not right.", given=True)
    holder = {"username": username, "role": user["role"] if user else "admin"}
    refresh = call.ids.uuid()
    _keep(REFRESH_TOKENS, digest(refresh), {**holder, "expires": call.now + DAY}, call.records)
    return {"accessToken": _access_token(holder, call), "refreshToken": {"id": refresh}}


def refresh(call: Call) -> Json:
    """A new access token for a refresh token, 404 for one that is unknown or has expired. Older ones stay good."""
    held = call.records.get(REFRESH_TOKENS.name, digest(call.body))
    if held is None or held["expires"] <= call.now:
        raise NotFound("refresh token")
    return _access_token(held, call)


def issued(credential: str, records: Transaction, now: int) -> Principal | None:
    """Whose access token it is; one that has expired is refused in every world."""
    held = records.get(ACCESS_TOKENS.name, digest(credential))
    if held is None:
        return None
    if held["expires"] <= now:
        raise Unauthenticated("The access token has expired.", given=True)
    return Principal(held["role"], held["username"])


def _access_token(holder: Record, call: Call) -> str:
    now = call.now // NANOSECONDS
    claims = {
        "jti": call.ids.uuid(),
        "iss": "vcf-auth",
        "aud": "sddc-services",
        "sub": holder["username"],
        "name": holder["username"],
        "role": [ROLE_NAMES[holder["role"]]],
        "iat": now,
        "nbf": now,
        "exp": now + HOUR // NANOSECONDS,
    }
    token = sign(claims)
    record = {"username": holder["username"], "role": holder["role"], "expires": call.now + HOUR}
    _keep(ACCESS_TOKENS, digest(token), record, call.records)
    return token


def _keep(collection: Collection, key: str, record: Record, records: Transaction) -> None:
    """Adds a token; beyond `KEPT` the oldest goes."""
    records.put(collection.name, key, {"key": key, **record})
    if records.count(collection.name) > KEPT:
        records.delete(collection.name, records.page(collection.name, limit=1)[0]["key"])


HANDLERS = {"createToken": create, "refreshAccessToken": refresh}
