"""Names in any case (RFC 7643, section 2.1): respells the names in a body as the document and the schemas do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, TypeAlias

from mockserver.core.messages import Json
from mockserver.core.problems import MalformedRequest
from mockserver.documents.spec import Operation
from mockserver.scim.attributes import Attribute, ResourceType
from mockserver.scim.schemas import GROUP, USER

Names: TypeAlias = "Mapping[str, tuple[str, Names]]"
"""Name in lower case → its spelling, and the names below it."""


def _leaf_names(*names: str) -> dict[str, tuple[str, Names]]:
    return {name.lower(): (name, {}) for name in names}


def _attributes(attributes: Iterable[Attribute]) -> dict[str, tuple[str, Names]]:
    return {attribute.name.lower(): (attribute.name, _attributes(attribute.sub_attributes)) for attribute in attributes}


def _resource(resource_type: ResourceType) -> Names:
    extensions = {schema.id.lower(): (schema.id, _attributes(schema.attributes)) for schema in resource_type.extensions}
    return {**_attributes(resource_type.by_name.values()), **extensions}


_PATCH: Final[Names] = {**_leaf_names("schemas"), "operations": ("Operations", _leaf_names("op", "path", "value"))}
_SEARCH: Final = _leaf_names(
    "schemas", "filter", "sortBy", "sortOrder", "startIndex", "count", "attributes", "excludedAttributes"
)
_BULK: Final[Names] = {
    **_leaf_names("schemas", "failOnErrors"),
    "operations": ("Operations", _leaf_names("method", "path", "bulkId", "version", "data")),
}
_BODIES: Final[Mapping[str, Names]] = {
    "createUser": _resource(USER),
    "replaceUser": _resource(USER),
    "patchUser": _PATCH,
    "createGroup": _resource(GROUP),
    "replaceGroup": _resource(GROUP),
    "patchGroup": _PATCH,
    "searchUsers": _SEARCH,
    "searchGroups": _SEARCH,
    "searchAll": _SEARCH,
    "bulk": _BULK,
}


def respell(operation: Operation, body: Json) -> Json:
    """Returns the body of an operation with all known names respelled. Raises MalformedRequest if one occurs twice."""
    return respelled(body, _BODIES[operation.id])


def respelled(value: Json, names: Names) -> Json:
    """Returns the value with these names respelled, at every depth."""
    if not names:
        return value
    if isinstance(value, list):
        return [respelled(item, names) for item in value]
    if not isinstance(value, dict):
        return value
    spelled: dict[str, Json] = {}
    for name, item in value.items():
        spelling, below = names.get(name.lower(), (name, {}))
        if spelling in spelled:
            raise MalformedRequest(f"the body has {spelling} twice, in different spellings")
        spelled[spelling] = respelled(item, below)
    return spelled
