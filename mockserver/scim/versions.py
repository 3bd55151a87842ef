"""Entity tags (RFC 7644, section 3.14): the version of a resource and the conditions that name it."""

from __future__ import annotations


def version_of(revision: int) -> str:
    """Returns the entity tag of a resource after so many revisions."""
    return f'W/"{revision}"'


def names_version(condition: str, version: str) -> bool:
    """Tells whether `If-Match` or `If-None-Match` names the version; `*` names any, and tags compare weakly."""
    if condition.strip() == "*":
        return True
    return any(tag.strip().removeprefix("W/") == version.removeprefix("W/") for tag in condition.split(","))
