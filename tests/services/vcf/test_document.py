"""The served document: it describes what this server really sends and accepts."""

from __future__ import annotations

from typing import Any

import pytest

from mockserver import MockServer
from mockserver.core.messages import Request
from tests.services.vcf.deployment import Deployment

CREATIONS = ["/v1/identity-providers", "/v1/identity-providers/{id}/identity-sources"]


def served(options: dict[str, Any]) -> Any:
    server = MockServer(services=("vcf",), options=options)
    return server.handle(Request("GET", "/_mock/openapi/vcf.json")).json()


@pytest.mark.parametrize("path", CREATIONS)
def test_the_document_does_not_describe_bare_text_as_json(path: str) -> None:
    created = served({})["paths"][path]["post"]["responses"]["201"]
    assert "content" not in created
    assert created["x-bare-text"]["application/json"]["schema"]
    assert "$response.body" not in str(created["links"])


@pytest.mark.parametrize("path", CREATIONS)
def test_the_document_describes_json_strings_as_json(path: str) -> None:
    created = served({"vcf.json-bodies": True})["paths"][path]["post"]["responses"]["201"]
    assert created["content"]["application/json"]["schema"]
    assert "x-bare-text" not in created


def test_a_strict_server_closes_every_object_of_a_specification() -> None:
    schemas = served({"strict": True})["components"]["schemas"]
    specified = (
        "AdfsLdapSpec",
        "OidcSpec",
        "FederatedSpec",
        "DirectorySpec",
        "SourceDetailsSpec",
        "IdentityProviderSpec",
    )
    assert [name for name in specified if schemas[name].get("additionalProperties") is not False] == []


def test_a_strict_server_refuses_unknown_fields_at_every_depth() -> None:
    deployment = Deployment(options={"strict": True})
    spec = {
        "type": "ActiveDirectory",
        "name": "ADFS",
        "ldap": {
            "domainName": "x.example.org",
            "username": "u",
            "password": "p",
            "sourceDetails": {
                "usersBaseDn": "u",
                "groupsBaseDn": "g",
                "serverEndpoints": ["ldap://dc1"],
                "unknown": 1,
            },
        },
        "oidc": {"clientId": "c", "clientSecret": "s", "discoveryEndpoint": "https://x.example.org"},
    }
    answer = deployment.call("POST", CREATIONS[0], spec)
    assert (answer.status, answer.json()["arguments"]) == (400, ["ldap.sourceDetails.unknown"])
