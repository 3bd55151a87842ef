"""Discovery (RFC 7644, section 4): the server's configuration, its resource types and its schemas."""

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
"""The server's default limit for request bodies, in bytes."""

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
    """Returns the ServiceProviderConfig resource."""
    meta = {"resourceType": "ServiceProviderConfig", "location": f"{base}/ServiceProviderConfig"}
    return {**_CONFIGURATION, "meta": meta}


def resource_types(base: str) -> Json:
    """Returns all resource types, as a list response."""
    return _list_response([_with_meta(entry, "ResourceType", base) for entry in _RESOURCE_TYPES.values()])


def resource_type(base: str, name: str) -> Json:
    """Returns the resource type with this name. Raises NotFound."""
    if name not in _RESOURCE_TYPES:
        raise NotFound("ResourceType", name)
    return _with_meta(_RESOURCE_TYPES[name], "ResourceType", base)


def schemas(base: str) -> Json:
    """Returns all schemas, as a list response."""
    return _list_response([_with_meta(entry, "Schema", base) for entry in _SCHEMAS.values()])


def schema(base: str, urn: str) -> Json:
    """Returns the schema with this URN. Raises NotFound."""
    if urn not in _SCHEMAS:
        raise NotFound("Schema", urn)
    return _with_meta(_SCHEMAS[urn], "Schema", base)


def _list_response(resources: list[Json]) -> Json:
    return list_response(resources, len(resources), 1)


def _with_meta(entry: Json, resource_type: str, base: str) -> Json:
    location = f"{base}/{resource_type}s/{entry['id']}"
    return {**entry, "meta": {"resourceType": resource_type, "location": location}}


def _describe_resource_type(resource_type: ResourceType) -> Json:
    return {
        "schemas": [f"{_CORE}ResourceType"],
        "id": resource_type.name,
        "name": resource_type.name,
        "endpoint": resource_type.endpoint,
        "description": resource_type.description,
        "schema": resource_type.schema.id,
        "schemaExtensions": [{"schema": extension.id, "required": False} for extension in resource_type.extensions],
    }


def _describe_schema(schema: Schema) -> Json:
    return {
        "schemas": [f"{_CORE}Schema"],
        "id": schema.id,
        "name": schema.name,
        "description": schema.description,
        "attributes": [_describe_attribute(attribute) for attribute in schema.attributes],
    }


def _describe_attribute(attribute: Attribute) -> Json:
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
        described["subAttributes"] = [_describe_attribute(sub_attribute) for sub_attribute in attribute.sub_attributes]
    return described


_RESOURCE_TYPES: Final = {
    resource_type.name: _describe_resource_type(resource_type) for resource_type in RESOURCE_TYPES
}
_SCHEMAS: Final = {
    schema.id: _describe_schema(schema)
    for resource_type in RESOURCE_TYPES
    for schema in (resource_type.schema, *resource_type.extensions)
}
