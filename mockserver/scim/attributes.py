"""The classes that describe resources: attributes with the characteristics of RFC 7643, section 2.2; schemas; types.

Attribute and schema names match in any case and are always written in the schema's own spelling. Every attribute,
schema and resource type exists once, so they compare and hash by identity, which makes them cheap keys of caches.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Resource = dict[str, Any]
"""A SCIM resource, or one of its complex values, as plain JSON with names in the schema's spelling."""

DataType = Literal["string", "boolean", "decimal", "integer", "dateTime", "reference", "binary", "complex"]
Mutability = Literal["readOnly", "readWrite", "immutable", "writeOnly"]
Returned = Literal["always", "never", "default", "request"]
Uniqueness = Literal["none", "server", "global"]


@dataclass(frozen=True, slots=True, eq=False)
class Attribute:
    """One attribute or sub-attribute; the defaults are those of RFC 7643."""

    name: str
    description: str
    data_type: DataType = "string"
    multi_valued: bool = False
    required: bool = False
    case_exact: bool = False
    mutability: Mutability = "readWrite"
    returned: Returned = "default"
    uniqueness: Uniqueness = "none"
    canonical_values: tuple[str, ...] = ()
    reference_types: tuple[str, ...] = ()
    sub_attributes: tuple[Attribute, ...] = ()
    by_name: Mapping[str, Attribute] = field(init=False, repr=False)
    """Name in lower case → sub-attribute."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_name", by_lower_name(self.sub_attributes))


@dataclass(frozen=True, slots=True, eq=False)
class Schema:
    """A named set of attributes: the core schema of a resource type, or an extension of it."""

    id: str
    name: str
    description: str
    attributes: tuple[Attribute, ...]
    by_name: Mapping[str, Attribute] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_name", by_lower_name(self.attributes))


@dataclass(frozen=True, slots=True, eq=False)
class ResourceType:
    """The type of the resources under an endpoint: their core schema, the common attributes and the extensions."""

    name: str
    endpoint: str
    description: str
    schema: Schema
    extensions: tuple[Schema, ...] = ()
    by_name: Mapping[str, Attribute] = field(init=False, repr=False)
    """Name in lower case → attribute of the core schema, or common attribute."""
    extensions_by_id: Mapping[str, Schema] = field(init=False, repr=False)
    """URN in lower case → schema extension."""
    secrets: frozenset[str] = field(init=False, repr=False)
    """The names of the attributes that requests may set and no response contains."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_name", by_lower_name((*COMMON_ATTRIBUTES, *self.schema.attributes)))
        object.__setattr__(self, "extensions_by_id", {schema.id.lower(): schema for schema in self.extensions})
        secrets = frozenset(attribute.name for attribute in self.schema.attributes if attribute.returned == "never")
        object.__setattr__(self, "secrets", secrets)


def by_lower_name(attributes: Iterable[Attribute]) -> dict[str, Attribute]:
    """Returns the attributes by their names in lower case."""
    return {attribute.name.lower(): attribute for attribute in attributes}


COMMON_ATTRIBUTES = (
    Attribute(
        "schemas",
        "URNs of the schemas whose attributes the resource carries.",
        data_type="reference",
        multi_valued=True,
        required=True,
        case_exact=True,
        returned="always",
        reference_types=("uri",),
    ),
    Attribute(
        "id",
        "Identifier that this server gave the resource; it never changes.",
        case_exact=True,
        mutability="readOnly",
        returned="always",
        uniqueness="server",
    ),
    Attribute("externalId", "Identifier by which the provisioning client knows the resource.", case_exact=True),
    Attribute(
        "meta",
        "What the server notes about the resource itself.",
        data_type="complex",
        mutability="readOnly",
        sub_attributes=(
            Attribute("resourceType", "Name of the resource type.", case_exact=True, mutability="readOnly"),
            Attribute("created", "When the resource was created.", data_type="dateTime", mutability="readOnly"),
            Attribute("lastModified", "When the resource last changed.", data_type="dateTime", mutability="readOnly"),
            Attribute(
                "location",
                "Where the resource can be read.",
                data_type="reference",
                case_exact=True,
                mutability="readOnly",
                reference_types=("uri",),
            ),
            Attribute("version", "Entity tag of this state.", case_exact=True, mutability="readOnly"),
        ),
    ),
)
"""The attributes that every resource has in addition to those of its schemas (RFC 7643, section 3.1)."""
