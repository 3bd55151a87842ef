"""What the server can do (RFC 7644, section 4): its configuration, resource types and schemas."""

from __future__ import annotations

from typing import Final

from mockserver.core.messages import Json
from mockserver.core.problems import NotFound
from mockserver.scim.attributes import Attribute, ResourceType, Schema
from mockserver.scim.bulk import MAX_OPERATIONS
from mockserver.scim.queries import MAX_RESULTS
from mockserver.scim.representation import list_response
from mockserver.scim.schemas import RESOURCE_TYPES

_CORE: Final = "urn:ietf:params:scim:schemas:core:2.0:"
MAX_PAYLOAD: Final = 1_048_576
"""Bytes of a request body that the server reads unless it is told otherwise."""

_CONFIGURATION: Final[Json] = {
    "schemas": [f"{_CORE}ServiceProviderConfig"],
    "documentationUri": "https://www.rfc-editor.org/rfc/rfc7644",
    "patch": {"supported": True},
    "bulk": {"supported": True, "maxOperations": MAX_OPERATIONS, "maxPayloadSize": MAX_PAYLOAD},
    "filter": {"supported": True, "maxResults": MAX_RESULTS},
    "changePassword": {"supported": True},
    "sort": {"supported": True},
    "etag": {"supported": True},
    "authenticationSchemes": [
        {
            "type": "oauthbearertoken",
            "name": "Bearer token",
            "description": "The token of the directory, in the Authorization header.",
            "specUri": "https://www.rfc-editor.org/rfc/rfc6750",
            "primary": True,
        }
    ],
}


def configuration(base: str) -> Json:
    """The ServiceProviderConfig resource."""
    meta = {"resourceType": "ServiceProviderConfig", "location": f"{base}/ServiceProviderConfig"}
    return {**_CONFIGURATION, "meta": meta}


def resource_types(base: str) -> Json:
    """All resource types, as a list response."""
    return _listed([_located(entry, "ResourceType", base) for entry in _RESOURCE_TYPES.values()])


def resource_type(base: str, name: str) -> Json:
    """One resource type by its name; NotFound otherwise."""
    if name not in _RESOURCE_TYPES:
        raise NotFound("ResourceType", name)
    return _located(_RESOURCE_TYPES[name], "ResourceType", base)


def schemas(base: str) -> Json:
    """All schemas, as a list response."""
    return _listed([_located(entry, "Schema", base) for entry in _SCHEMAS.values()])


def schema(base: str, urn: str) -> Json:
    """One schema by its URN; NotFound otherwise."""
    if urn not in _SCHEMAS:
        raise NotFound("Schema", urn)
    return _located(_SCHEMAS[urn], "Schema", base)


def _listed(resources: list[Json]) -> Json:
    return list_response(resources, len(resources), 1)


def _located(entry: Json, kind: str, base: str) -> Json:
    return {**entry, "meta": {"resourceType": kind, "location": f"{base}/{kind}s/{entry['id']}"}}


def _described_type(kind: ResourceType) -> Json:
    return {
        "schemas": [f"{_CORE}ResourceType"],
        "id": kind.name,
        "name": kind.name,
        "endpoint": kind.endpoint,
        "description": kind.description,
        "schema": kind.schema.id,
        "schemaExtensions": [{"schema": extension.id, "required": False} for extension in kind.extensions],
    }


def _described_schema(schema: Schema) -> Json:
    return {
        "schemas": [f"{_CORE}Schema"],
        "id": schema.id,
        "name": schema.name,
        "description": schema.description,
        "attributes": [_described(attribute) for attribute in schema.attributes],
    }


def _described(attribute: Attribute) -> Json:
    described: dict[str, Json] = {
        "name": attribute.name,
        "type": attribute.data_type,
        "multiValued": attribute.multi_valued,
        "description": attribute.description,
        "required": attribute.required,
        "caseExact": attribute.case_exact,
        "mutability": attribute.mutability,
        "returned": attribute.returned,
        "uniqueness": attribute.uniqueness,
    }
    if attribute.canonical_values:
        described["canonicalValues"] = list(attribute.canonical_values)
    if attribute.reference_types:
        described["referenceTypes"] = list(attribute.reference_types)
    if attribute.sub_attributes:
        described["subAttributes"] = [_described(part) for part in attribute.sub_attributes]
    return described


_RESOURCE_TYPES: Final = {kind.name: _described_type(kind) for kind in RESOURCE_TYPES}
_SCHEMAS: Final = {
    schema.id: _described_schema(schema) for kind in RESOURCE_TYPES for schema in (kind.schema, *kind.extensions)
}
