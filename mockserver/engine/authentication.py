"""Who makes a request: the credential of its API's own scheme, judged as the options of its world say."""

from __future__ import annotations

from mockserver.core.messages import Request
from mockserver.core.problems import Unauthenticated
from mockserver.engine.routing import Endpoint
from mockserver.engine.service import ADMINISTRATOR, READER, Principal
from mockserver.state.store import Transaction

LENIENT, OFF = "lenient", "off"
"""Modes in which any credential is the administrator's, and in which nothing is checked.

In any other mode, only the special credentials and those that the world issued are valid."""

SPECIAL_CREDENTIALS = {"mock-admin": ADMINISTRATOR, "mock-reader": READER, "mock-expired": None, "mock-revoked": None}
"""Credentials that are valid, or never valid (None), in every API and every mode but "off"."""


def authenticate(endpoint: Endpoint, request: Request, records: Transaction, mode: str, now: int) -> Principal:
    """Returns who makes a request. Raises Unauthenticated where there is no credential or not a valid one.

    `mode` is the world's option `auth`, and `now` the world's instant in nanoseconds, at which a credential may have
    expired.
    """
    if endpoint.operation.open or mode == OFF:
        return ADMINISTRATOR
    credential = endpoint.service.credential(request)
    if credential is None:
        raise Unauthenticated("no valid authentication provided", given=False)
    if credential in SPECIAL_CREDENTIALS:
        principal = SPECIAL_CREDENTIALS[credential]
    else:
        principal = endpoint.service.issued(credential, records, now)
        if principal is None and mode == LENIENT:
            principal = ADMINISTRATOR
    if principal is None:
        raise Unauthenticated("token invalid", given=True)
    return principal
