"""The refusals of the protocol, one function per scimType of RFC 7644, table 9."""

from __future__ import annotations

from mockserver.core.problems import Conflict, Problem, Refused


def invalid_filter(detail: str) -> Problem:
    """The filter is not of the grammar, or compares what can't be compared."""
    return Refused(detail, scim_type="invalidFilter")


def invalid_path(detail: str) -> Problem:
    """The path of a PATCH operation is not of the grammar, or names no attribute of the resource."""
    return Refused(detail, scim_type="invalidPath")


def no_target(detail: str) -> Problem:
    """The path of a PATCH operation matches nothing that the operation could change."""
    return Refused(detail, scim_type="noTarget")


def invalid_value(detail: str) -> Problem:
    """A value is missing, or not of its attribute's type."""
    return Refused(detail, scim_type="invalidValue")


def invalid_syntax(detail: str) -> Problem:
    """The body is not shaped as the message it should be."""
    return Refused(detail, scim_type="invalidSyntax")


def mutability(detail: str) -> Problem:
    """The change is not allowed by the attribute's mutability."""
    return Refused(detail, scim_type="mutability")


def taken(attribute: str) -> Problem:
    """Another resource of the directory has this value in an attribute whose values are unique."""
    return Conflict(f"{attribute} is taken by another resource", scim_type="uniqueness")


def changed_since(version: str) -> Problem:
    """If-Match names a version that the resource no longer has."""
    return Refused(f"the resource is now of version {version}", status=412)
