"""The OpenAPI document agrees with the SCIM schemas and with the mounts."""

from __future__ import annotations

from typing import Any

import pytest

from mockserver.core.messages import Request
from mockserver.registry import resources
from mockserver.scim.attributes import Attribute, ResourceType
from mockserver.scim.schemas import ENTERPRISE_SCHEMA, GROUP, USER
from mockserver.server import MockServer
from tests.scim.client import BASE

DOCUMENT = resources.document("scim")
SCHEMAS: dict[str, Any] = DOCUMENT["components"]["schemas"]


def names(attributes: tuple[Attribute, ...], *, written: bool) -> set[str]:
    """Returns the attributes that a client may write, or those that it can read."""
    unwanted = {"readOnly"} if written else {"writeOnly"}
    return {attribute.name for attribute in attributes if attribute.mutability not in unwanted}


@pytest.mark.parametrize("kind", [USER, GROUP], ids=lambda kind: kind.name)
def test_the_document_names_the_attributes_of_the_schemas(kind: ResourceType) -> None:
    extensions = {schema.id for schema in kind.extensions}
    common = {"schemas", "externalId"}
    written = names(kind.schema.attributes, written=True) | common | extensions
    read = names(kind.schema.attributes, written=False) | common | extensions | {"id", "meta"}
    assert set(SCHEMAS[f"{kind.name}Request"]["properties"]) == written
    assert set(SCHEMAS[kind.name]["properties"]) == read


def test_the_document_names_the_attributes_of_the_extension() -> None:
    named = {attribute.name for attribute in ENTERPRISE_SCHEMA.attributes}
    assert set(SCHEMAS["EnterpriseUser"]["properties"]) == named
    assert set(SCHEMAS["EnterpriseUserRequest"]["properties"]) == named


def test_a_service_provides_every_mount_in_the_document(server: MockServer) -> None:
    for entry in DOCUMENT["servers"]:
        target = entry["url"].replace("{directoryId}", "none").replace("{tenant}", "none")
        assert server.handle(Request("GET", f"{target}/Users")).status == 401
    assert BASE in {entry["url"] for entry in DOCUMENT["servers"]}
