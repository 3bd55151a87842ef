"""NetBird's own client, unchanged, goes through everything that it knows of identity providers and integrations."""

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
from tests.services.proof import succeeded, told

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
    """The client with a token, in a world."""
    client = APIClient(host=f"{url}/_mock/w/{world}", api_token=token)
    with client.client:
        yield client


@pytest.fixture
def client(server: str) -> Iterator[APIClient]:
    with client_of(server) as client:
        yield client


def go_round_with_a_provider(client: APIClient) -> None:
    made = client.identity_providers.create(PROVIDER)
    assert made["id"].startswith("okta-")
    assert made in client.identity_providers.list()
    assert client.identity_providers.get(made["id"]) == made
    wish = IdentityProviderUpdate(type="okta", name="Renamed", issuer="https://acme.okta.com", client_id="client")
    assert client.identity_providers.update(made["id"], wish) == {**made, "name": "Renamed"}
    client.identity_providers.delete(made["id"])
    with pytest.raises(NetBirdNotFoundError):
        client.identity_providers.get(made["id"])


def go_round_with_an_integration(client: APIClient, kind: str) -> None:
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


def test_an_identity_provider_goes_all_the_way_round(client: APIClient) -> None:
    go_round_with_a_provider(client)


@pytest.mark.parametrize("kind", INTEGRATIONS)
def test_an_integration_goes_all_the_way_round(client: APIClient, kind: str) -> None:
    go_round_with_an_integration(client, kind)


def test_an_update_of_some_fields_only_is_refused_as_the_product_does(client: APIClient) -> None:
    made = client.identity_providers.create(PROVIDER)
    with pytest.raises(NetBirdValidationError, match="identity provider type is required"):
        client.identity_providers.update(made["id"], IdentityProviderUpdate(name="Renamed"))


def test_refusals_become_the_clients_own_errors(server: str) -> None:
    with client_of(server, "mock-revoked") as revoked, pytest.raises(NetBirdAuthenticationError, match="token invalid"):
        revoked.identity_providers.list()
    with client_of(server, "mock-reader") as reader, pytest.raises(NetBirdAPIError, match="permission denied"):
        reader.identity_providers.create(PROVIDER)


def test_the_record_tells_what_the_client_reaches(server: str) -> None:
    with client_of(server, world="proof") as client:
        go_round_with_a_provider(client)
        for kind in INTEGRATIONS:
            go_round_with_an_integration(client, kind)
    journal = httpx.get(f"{server}/_mock/worlds/proof/journal?service=netbird").json()
    reached = succeeded((it["operation"], it["response"]["status"]) for it in journal)
    assert reached == told("netbird", "netbird")
