"""NetBird's own client, unchanged, calls all its operations on identity providers and integrations."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest
from netbird import APIClient
from netbird.exceptions import NetBirdAPIError, NetBirdAuthenticationError, NetBirdNotFoundError, NetBirdValidationError
from netbird.models.identity_provider import IdentityProviderCreate, IdentityProviderUpdate

from contract_tests.framework.processes import mock
from tests.services.proof import recorded, succeeded

PROVIDER = IdentityProviderCreate(
    type="okta", name="Okta", issuer="https://acme.okta.com", client_id="client", client_secret="secret"
)

INTEGRATIONS: dict[str, dict[str, object]] = {
    "google-idp": {"service_account_key": base64.b64encode(b'{"a": 1}').decode(), "customer_id": "C01abc23d"},
    "azure-idp": {"client_secret": "c2VjcmV0", "client_id": "app", "tenant_id": "tenant"},
    "okta-scim-idp": {"group_prefixes": ["eng"]},
}


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with mock("--scenario", "documented") as url:
        yield url


@contextmanager
def client_of(url: str, token: str = "nbp_any", world: str = "default") -> Iterator[APIClient]:
    """Yields the client with a token, in a world."""
    client = APIClient(host=f"{url}/_mock/w/{world}", api_token=token)
    with client.client:
        yield client


@pytest.fixture
def client(server: str) -> Iterator[APIClient]:
    with client_of(server) as client:
        yield client


def exercise_provider(client: APIClient) -> None:
    made = client.identity_providers.create(PROVIDER)
    assert made["id"].startswith("okta-")
    assert made in client.identity_providers.list()
    assert client.identity_providers.get(made["id"]) == made
    request_body = IdentityProviderUpdate(
        type="okta", name="Renamed", issuer="https://acme.okta.com", client_id="client"
    )
    assert client.identity_providers.update(made["id"], request_body) == {**made, "name": "Renamed"}
    client.identity_providers.delete(made["id"])
    with pytest.raises(NetBirdNotFoundError):
        client.identity_providers.get(made["id"])


def exercise_integration(client: APIClient, kind: str) -> None:
    made = client.post(f"integrations/{kind}", data=INTEGRATIONS[kind])
    place = f"integrations/{kind}/{made['id']}"
    assert client.get(place)["id"] == made["id"]
    assert client.put(place, data={"enabled": False})["enabled"] is False
    assert made["id"] in [listed["id"] for listed in client.get(f"integrations/{kind}")]
    assert client.post(f"{place}/{'token' if kind == 'okta-scim-idp' else 'sync'}", data={})
    assert isinstance(client.get(f"{place}/logs"), list)
    client.delete(place)
    with pytest.raises(NetBirdNotFoundError):
        client.get(place)


def test_the_client_creates_updates_and_deletes_an_identity_provider(client: APIClient) -> None:
    exercise_provider(client)


@pytest.mark.parametrize("kind", INTEGRATIONS)
def test_the_client_creates_updates_and_deletes_an_integration(client: APIClient, kind: str) -> None:
    exercise_integration(client, kind)


def test_a_partial_update_is_refused_as_by_the_product(client: APIClient) -> None:
    made = client.identity_providers.create(PROVIDER)
    with pytest.raises(NetBirdValidationError, match="identity provider type is required"):
        client.identity_providers.update(made["id"], IdentityProviderUpdate(name="Renamed"))


def test_errors_become_the_clients_own_exceptions(server: str) -> None:
    with client_of(server, "mock-revoked") as revoked, pytest.raises(NetBirdAuthenticationError, match="token invalid"):
        revoked.identity_providers.list()
    with client_of(server, "mock-reader") as reader, pytest.raises(NetBirdAPIError, match="permission denied"):
        reader.identity_providers.create(PROVIDER)


def test_the_committed_record_lists_the_operations_that_the_client_calls(server: str) -> None:
    with client_of(server, world="proof") as client:
        exercise_provider(client)
        for kind in INTEGRATIONS:
            exercise_integration(client, kind)
    journal = httpx.get(f"{server}/_mock/worlds/proof/journal?service=netbird").json()
    reached = succeeded((it["operation"], it["response"]["status"]) for it in journal)
    assert reached == recorded("netbird", "netbird")
