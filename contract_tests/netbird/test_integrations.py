"""NetBird's integrations: what a synchronisation adds to the log, and what a new token is."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest

from ..framework.deployment import Deployment

pytestmark = [pytest.mark.once, pytest.mark.proves("lifecycle"), pytest.mark.service("netbird")]


@pytest.mark.parametrize("kind", ["google-idp", "azure-idp"])
def test_a_synchronisation_adds_to_the_end_of_the_log(deployment_of: Callable[[str], Deployment], kind: str) -> None:
    deployment = deployment_of("netbird").fresh().only_mock("which integrations a deployment has is not known")
    path = f"/api/integrations/{kind}/1"

    def log() -> list[Any]:
        read: list[Any] = deployment.send("GET", f"{path}/logs").json()
        return read

    logs = [log()]
    for _ in range(2):
        assert deployment.send("POST", f"{path}/sync").json() == {"result": "ok"}
        logs.append(log())
    for earlier, later in pairwise(logs):
        assert len(later) > len(earlier)
        assert later[: len(earlier)] == earlier
    assert [entry["id"] for entry in logs[-1]] == sorted(entry["id"] for entry in logs[-1])


def test_a_new_token_is_shown_once_and_is_no_older_one(deployment_of: Callable[[str], Deployment]) -> None:
    deployment = deployment_of("netbird").fresh("empty").only_mock("an integration that is used must keep its token")
    integrations = "/api/integrations/okta-scim-idp"
    made = deployment.send("POST", integrations, {}).json()
    path = f"{integrations}/{made['id']}"
    tokens = [made["auth_token"]]
    tokens += [deployment.send("POST", f"{path}/token").json()["auth_token"] for _ in range(2)]
    assert len(set(tokens)) == 3
    assert deployment.send("GET", path).json()["auth_token"] == tokens[-1][:7] + "*" * (len(tokens[-1]) - 7)
