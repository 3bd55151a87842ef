"""The mode of a world decides which credentials are valid."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mockserver.core.messages import Headers, Request
from mockserver.core.problems import Unauthenticated
from mockserver.engine.authentication import authenticate
from mockserver.engine.routing import Endpoint, Routing
from mockserver.engine.service import ADMINISTRATOR, READER, Principal
from mockserver.state.store import Transaction, load
from tests.toy.api import SERVICE
from tests.toy.document import DOCUMENT

ISSUED = Principal("member", "1")
NOW = 7


def issued(credential: str, records: Transaction, now: int) -> Principal | None:
    """Knows one credential, which is valid only at NOW and in an empty state."""
    return ISSUED if credential == "issued" and now == NOW and records.count("things") == 0 else None


ROUTING = Routing([replace(SERVICE, issued=issued)], {"toy": DOCUMENT})


def endpoint(path: str = "/things") -> Endpoint:
    found, _ = ROUTING.find("GET", path)
    assert found is not None
    return found


def principal(mode: str, credential: str | None, path: str = "/things", now: int = NOW) -> Principal:
    headers = Headers({} if credential is None else {"Authorization": f"Toy {credential}"})
    records = Transaction(load(SERVICE.collections, {}))
    return authenticate(endpoint(path), Request("GET", path, headers), records, mode, now)


@pytest.mark.parametrize(
    ("mode", "credential", "expected"),
    [
        *[(mode, "mock-admin", ADMINISTRATOR) for mode in ("lenient", "strict", "off")],
        *[(mode, "mock-reader", READER) for mode in ("lenient", "strict")],
        *[(mode, "issued", ISSUED) for mode in ("lenient", "strict")],
        ("lenient", "anything", ADMINISTRATOR),
        *[("off", credential, ADMINISTRATOR) for credential in (None, "anything", "mock-reader", "mock-expired")],
    ],
)
def test_a_valid_credential_is_somebodys(mode: str, credential: str | None, expected: Principal) -> None:
    assert principal(mode, credential) == expected


@pytest.mark.parametrize(
    ("mode", "credential"),
    [
        *[(mode, "mock-expired") for mode in ("lenient", "strict")],
        *[(mode, "mock-revoked") for mode in ("lenient", "strict")],
        ("strict", "anything"),
    ],
)
def test_an_invalid_credential_is_refused(mode: str, credential: str) -> None:
    with pytest.raises(Unauthenticated, match="token invalid") as refusal:
        principal(mode, credential)
    assert refusal.value.given


@pytest.mark.parametrize("mode", ["lenient", "strict"])
def test_a_request_without_a_credential_is_refused(mode: str) -> None:
    with pytest.raises(Unauthenticated, match="no valid authentication provided") as refusal:
        principal(mode, None)
    assert not refusal.value.given


def test_the_service_is_asked_with_the_instant_of_the_world() -> None:
    with pytest.raises(Unauthenticated):
        principal("strict", "issued", now=NOW + 1)


def test_an_open_operation_needs_no_credential() -> None:
    assert principal("strict", None, "/hello") == ADMINISTRATOR
