"""Which requests the suite may send to a real deployment."""

from __future__ import annotations

import httpx
import pytest

from contract_tests.framework.accepted import AcceptedDifferences
from contract_tests.framework.deployment import DeploymentUnderTest, is_loopback
from contract_tests.framework.evidence import Evidence

DIRECTORIES = "/api/v1/directory-sync"


def real_deployment(service: str, writes: bool) -> DeploymentUnderTest:
    """A deployment that answers every request with an empty success."""
    client = httpx.Client(transport=httpx.MockTransport(lambda _: httpx.Response(200, json={})))
    evidence = Evidence(service, AcceptedDifferences({}))
    return DeploymentUnderTest(
        service, "https://product.example", client, "key", worlds=False, writes=writes, evidence=evidence
    )


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", DIRECTORIES), ("PATCH", f"{DIRECTORIES}/x"), ("DELETE", f"{DIRECTORIES}/x"), ("PUT", "/anything")],
)
@pytest.mark.parametrize("harmless", [True, False])
def test_a_deployment_that_may_only_be_read_gets_no_writes(method: str, path: str, harmless: bool) -> None:
    why = real_deployment("jackson", writes=False).why_forbidden(method, path, harmless)
    assert why == "it writes, and the deployment may only be read (--allow-writes)"


@pytest.mark.parametrize(
    ("service", "method", "path"),
    [
        ("jackson", "GET", DIRECTORIES),
        ("scim", "POST", "/api/scim/v2.0/x/Users/.search"),
    ],
)
def test_reads_are_always_allowed(service: str, method: str, path: str) -> None:
    assert real_deployment(service, writes=False).why_forbidden(method, path, harmless=False) is None


def test_only_what_the_suite_has_created_may_be_changed() -> None:
    allowed = real_deployment("jackson", writes=True)
    assert allowed.why_forbidden("POST", DIRECTORIES, harmless=False) is None
    assert allowed.why_forbidden("DELETE", f"{DIRECTORIES}/theirs", harmless=False)
    allowed.created.append(f"{DIRECTORIES}/ours")
    assert allowed.why_forbidden("DELETE", f"{DIRECTORIES}/ours", harmless=False) is None
    assert allowed.why_forbidden("PATCH", f"{DIRECTORIES}/ours2", harmless=False)


def test_nothing_may_be_created_that_can_not_be_removed() -> None:
    assert real_deployment("netfoundry", writes=True).why_forbidden(
        "POST", "/identity/v1/organizations", harmless=False
    )


@pytest.mark.parametrize(
    ("url", "is_here"),
    [
        ("http://127.0.0.1:1", True),
        ("http://[::1]:1", True),
        ("http://world.localhost:1", True),
        ("http://localhost", True),
        ("https://localhost.example", False),
        ("http://10.0.0.1", False),
        ("https://127.0.0.1.example", False),
    ],
)
def test_a_loopback_url_is_one_of_this_machine(url: str, is_here: bool) -> None:
    assert is_loopback(url) is is_here
