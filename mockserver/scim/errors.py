"""The problems that SCIM has names for: one function for each scimType of RFC 7644, table 9."""

from __future__ import annotations

from mockserver.core.problems import Conflict, Problem, Refused


def invalid_filter(detail: str) -> Problem:
    """Returns the problem of a filter that violates the grammar or makes an impossible comparison."""
    return Refused(detail, scim_type="invalidFilter")


def too_many(detail: str) -> Problem:
    """Returns the problem of a request that takes more work than one request may."""
    return Refused(detail, scim_type="tooMany")


def invalid_path(detail: str) -> Problem:
    """Returns the problem of a PATCH path that violates the grammar or names no attribute of the resource."""
    return Refused(detail, scim_type="invalidPath")


def no_target(detail: str) -> Problem:
    """Returns the problem of a PATCH path that matches nothing that the operation could change."""
    return Refused(detail, scim_type="noTarget")


def invalid_value(detail: str) -> Problem:
    """Returns the problem of a value that is missing or has not the type of its attribute."""
    return Refused(detail, scim_type="invalidValue")


def invalid_syntax(detail: str) -> Problem:
    """Returns the problem of a body that has not the structure of its message."""
    return Refused(detail, scim_type="invalidSyntax")


def mutability(detail: str) -> Problem:
    """Returns the problem of a change that the attribute's mutability forbids."""
    return Refused(detail, scim_type="mutability")


def uniqueness(attribute: str) -> Problem:
    """Returns the problem of a value that another resource of the directory has in a unique attribute."""
    return Conflict(f"{attribute} is taken by another resource", scim_type="uniqueness")


def precondition_failed(version: str) -> Problem:
    """Returns the problem of an `If-Match` that does not name the resource's version, which is `version`."""
    return Refused(f"the resource is now of version {version}", status=412)
