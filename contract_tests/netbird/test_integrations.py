"""NetBird's integrations: synchronising one adds to its log, and generating a token replaces the old one."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from ..framework.session import OpenSession

pytestmark = [pytest.mark.one_transport, pytest.mark.proves("lifecycle"), pytest.mark.service("netbird")]


@pytest.mark.parametrize("integration", ["google-idp", "azure-idp"])
def test_a_synchronisation_adds_to_the_end_of_the_log(open_session: OpenSession, integration: str) -> None:
    session = open_session("netbird").require_mock("which integrations a deployment has is not known")
    path = f"/api/integrations/{integration}/1"

    def log() -> list[Any]:
        entries: list[Any] = session.send("GET", f"{path}/logs").json()
        return entries

    logs = [log()]
    for _ in range(2):
        assert session.send("POST", f"{path}/sync").json() == {"result": "ok"}
        logs.append(log())
    for earlier, later in pairwise(logs):
        assert len(later) > len(earlier)
        assert later[: len(earlier)] == earlier
    assert [entry["id"] for entry in logs[-1]] == sorted(entry["id"] for entry in logs[-1])


def test_a_new_token_differs_from_all_before_and_is_shown_in_full_only_once(open_session: OpenSession) -> None:
    session = open_session("netbird", "empty").require_mock("an integration in use must keep its token")
    integrations = "/api/integrations/okta-scim-idp"
    created = session.send("POST", integrations, {}).json()
    path = f"{integrations}/{created['id']}"
    tokens = [created["auth_token"]]
    tokens += [session.send("POST", f"{path}/token").json()["auth_token"] for _ in range(2)]
    assert len(set(tokens)) == 3
    assert session.send("GET", path).json()["auth_token"] == tokens[-1][:7] + "*" * (len(tokens[-1]) - 7)
