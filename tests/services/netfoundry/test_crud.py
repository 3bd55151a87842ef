"""The lifecycle of the records of every resource: create, get, list, update, activate, delete."""

from __future__ import annotations

from typing import Any

import pytest

from contract_tests.netfoundry.resources import RESOURCES, NetFoundryResource, audience, issuer, public_client
from tests.services.netfoundry.client import NOBODY, Client

every_kind = pytest.mark.parametrize("kind", RESOURCES.values(), ids=RESOURCES)
deletable = pytest.mark.parametrize(
    "kind", [kind for kind in RESOURCES.values() if kind.deletes], ids=lambda kind: kind.path
)


def created(client: Client, kind: NetFoundryResource) -> Any:
    """Creates a record and returns the response body."""
    answer = client.call("POST", kind.path, kind.new_body(client))
    return answer.get("apiAccountIdentity", answer)


def ids(client: Client, path: str) -> list[str]:
    """Returns the ids in a list."""
    return [record["id"] for record in client.call("GET", path)]


@every_kind
def test_a_created_record_is_found_and_listed(kind: NetFoundryResource) -> None:
    client = Client()
    record = created(client, kind)
    assert client.call("GET", f"{kind.path}/{record['id']}") == record
    assert record in client.call("GET", kind.path)


@every_kind
def test_a_new_record_has_the_values_of_the_request(kind: NetFoundryResource) -> None:
    client = Client()
    sent = kind.new_body(client)
    answer = client.call("POST", kind.path, sent)
    record = answer.get("apiAccountIdentity", answer)
    assert {name: record.get(name, value) for name, value in sent.items()} == sent


@pytest.mark.parametrize("kind", [kind for kind in RESOURCES.values() if kind.update], ids=lambda kind: kind.path)
def test_an_update_changes_only_the_fields_in_the_request(kind: NetFoundryResource) -> None:
    client = Client()
    record = created(client, kind)
    client.pass_time(60)
    assert kind.update
    method, changes = kind.update
    answer = client.call(method, f"{kind.path}/{record['id']}", changes)
    computed = {"updatedAt", "name", "email"}
    assert {name: answer[name] for name in changes} == changes
    assert {name for name in answer if answer[name] != record[name]} <= {*changes, *computed}
    assert client.call("GET", f"{kind.path}/{record['id']}") == answer
    if "updatedAt" in record:
        assert answer["updatedAt"]["epochSecond"] == record["createdAt"]["epochSecond"] + 60


@pytest.mark.parametrize("kind", [kind for kind in RESOURCES.values() if kind.switches], ids=lambda kind: kind.path)
def test_a_deactivated_record_can_be_activated_again(kind: NetFoundryResource) -> None:
    client = Client()
    record = created(client, kind)
    path = f"{kind.path}/{record['id']}"
    assert client.call("PUT", f"{path}/activate") == record
    assert client.call("PUT", f"{path}/deactivate")["active"] is False
    assert client.call("GET", path)["active"] is False
    assert client.call("PUT", f"{path}/activate")["active"] is True
    assert client.send("PUT", f"{path}/destroy").status == 404


@deletable
def test_a_deleted_record_is_404_but_stays_in_the_store(kind: NetFoundryResource) -> None:
    client = Client()
    path = f"{kind.path}/{created(client, kind)['id']}"
    deleted = client.call("DELETE", path)
    assert deleted["deletedAt"] is not None
    assert deleted.get("deleted", True) is True
    assert client.send("GET", path).status == client.send("DELETE", path).status == 404
    assert deleted["id"] not in ids(client, kind.path)
    assert deleted in client.call("GET", f"{kind.path}?includeDeleted=true")


@every_kind
def test_an_unknown_id_and_a_malformed_id_are_404(kind: NetFoundryResource) -> None:
    client = Client()
    for key in (NOBODY, "nope", "a" * 36):
        assert client.send("GET", f"{kind.path}/{key}").status == 404
        if kind.deletes:
            assert client.send("DELETE", f"{kind.path}/{key}").status == 404
        if kind.update:
            assert client.send(kind.update[0], f"{kind.path}/{key}", kind.update[1]).status == 404


@every_kind
def test_an_id_in_a_path_may_be_in_upper_case(kind: NetFoundryResource) -> None:
    client = Client()
    record = created(client, kind)
    assert client.call("GET", f"{kind.path}/{record['id'].upper()}") == record


@pytest.mark.parametrize(
    ("kind", "field"),
    [
        pytest.param(kind, field, id=f"{name} {field}")
        for name, kind in RESOURCES.items()
        for field in kind.new_body(Client())
        if field.endswith("Id") and field not in ("auth0ConnectionId", "clientId", "roleId")
    ],
)
def test_a_reference_to_nothing_is_400_with_the_name_of_the_field(kind: NetFoundryResource, field: str) -> None:
    client = Client()
    body = kind.new_body(client)
    before = client.state()
    response = client.send("POST", kind.path, body | {field: NOBODY})
    assert response.status == 400
    assert field in response.json()["message"]
    assert client.state() == before


@pytest.mark.parametrize("path", ["/oidc-public-clients", "/oidc-audiences"])
def test_a_restriction_to_an_unknown_organization_is_400(path: str) -> None:
    client = Client()
    kind = next(kind for kind in RESOURCES.values() if kind.path == path)
    record = created(client, kind)
    restriction = {"restrictedToOrganizationIds": [NOBODY]}
    assert client.send("POST", path, kind.new_body(client) | restriction).status == 400
    assert client.send("PATCH", f"{path}/{record['id']}", restriction).status == 400


@every_kind
def test_a_missing_required_field_is_400_with_the_name_of_the_field(kind: NetFoundryResource) -> None:
    client = Client()
    field = next(iter(kind.new_body(client)))
    response = client.send("POST", kind.path, {})
    assert response.status == 400
    assert field in response.json()["message"]


def test_deleting_an_issuer_deletes_its_clients_and_audiences_and_their_mappings() -> None:
    client = Client()
    mapping = created(client, RESOURCES["organization-oidc-public-client-mapping"])
    of_user = client.call(
        "POST",
        "/user-identity-oidc-audience-mappings",
        {
            "userIdentityId": client.user(mapping["organizationId"])["id"],
            "oidcAudienceId": audience(client),
            "subject": "ann",
        },
    )
    for record in client.call("GET", "/oidc-issuers"):
        client.call("DELETE", f"/oidc-issuers/{record['id']}")
    for kind in ("oidc-public-clients", "oidc-audiences", "organization-oidc-public-client-mappings"):
        assert ids(client, f"/{kind}") == []
    assert client.call("GET", f"/user-identities/{of_user['userIdentityId']}")["identityAudienceMappings"] == []
    (kept,) = client.call("GET", "/user-identity-oidc-audience-mappings?includeDeleted=true")
    assert kept["deleted"] is True


def test_deleting_an_issuer_keeps_the_records_of_other_issuers() -> None:
    client = Client()
    doomed, kept = issuer(client), public_client(client)
    client.call("DELETE", f"/oidc-issuers/{doomed}")
    assert ids(client, "/oidc-public-clients") == [kept]


def test_a_user_contains_its_mappings_to_audiences() -> None:
    client = Client()
    mapping = created(client, RESOURCES["user-identity-oidc-audience-mapping"])
    path = f"/user-identities/{mapping['userIdentityId']}"
    assert client.call("GET", path)["identityAudienceMappings"] == [mapping]
    client.call("DELETE", f"/user-identity-oidc-audience-mappings/{mapping['id']}")
    assert client.call("GET", path)["identityAudienceMappings"] == []


def test_a_put_resets_the_fields_that_it_leaves_out() -> None:
    client = Client()
    account = client.account(client.organization()["id"], description="old")["apiAccountIdentity"]
    changes = {"name": "android", "contactEmail": "android@test.example"}
    assert client.call("PUT", f"/api-account-identities/{account['id']}", changes)["description"] is None
