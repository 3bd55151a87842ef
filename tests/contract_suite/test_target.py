"""What may be sent to a real deployment, and what may not."""

from __future__ import annotations

import httpx
import pytest

from contract_tests.framework.acceptance import Acceptance
from contract_tests.framework.evidence import Evidence
from contract_tests.framework.target import Target, is_loopback

DIRECTORIES = "/api/v1/directory-sync"


def target(service: str, writes: bool) -> Target:
    """A real deployment that answers everything with an empty success."""
    client = httpx.Client(transport=httpx.MockTransport(lambda _: httpx.Response(200, json={})))
    evidence = Evidence(service, Acceptance({}))
    return Target(service, "https://product.example", client, "key", worlds=False, writes=writes, evidence=evidence)


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", DIRECTORIES), ("PATCH", f"{DIRECTORIES}/x"), ("DELETE", f"{DIRECTORIES}/x"), ("PUT", "/anything")],
)
@pytest.mark.parametrize("harmless", [True, False])
def test_a_deployment_that_may_only_be_read_gets_no_write(method: str, path: str, harmless: bool) -> None:
    why = target("jackson", writes=False).forbids(method, path, harmless)
    assert why == "it writes, and the deployment is only read from (--allow-writes)"


@pytest.mark.parametrize(
    ("service", "method", "path"),
    [
        ("jackson", "GET", DIRECTORIES),
        ("scim", "POST", "/api/scim/v2.0/x/Users/.search"),
    ],
)
def test_what_only_reads_may_always_be_asked(service: str, method: str, path: str) -> None:
    assert target(service, writes=False).forbids(method, path, harmless=False) is None


def test_nothing_is_changed_but_what_the_suite_made() -> None:
    allowed = target("jackson", writes=True)
    assert allowed.forbids("POST", DIRECTORIES, harmless=False) is None
    assert allowed.forbids("DELETE", f"{DIRECTORIES}/theirs", harmless=False)
    allowed.created.append(f"{DIRECTORIES}/ours")
    assert allowed.forbids("DELETE", f"{DIRECTORIES}/ours", harmless=False) is None
    assert allowed.forbids("PATCH", f"{DIRECTORIES}/ours2", harmless=False)


def test_nothing_is_made_that_can_not_be_removed() -> None:
    assert target("netfoundry", writes=True).forbids("POST", "/identity/v1/organizations", harmless=False)


@pytest.mark.parametrize(
    ("url", "here"),
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
def test_only_this_machine_is_loopback(url: str, here: bool) -> None:
    assert is_loopback(url) is here
