"""The names that a world can have."""

from __future__ import annotations

import re

from mockserver.core.problems import MalformedRequest

DEFAULT = "default"
"""The world of a request that names none."""

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")


def check_name(name: str) -> str:
    """The name, where it is one that a world can have; MalformedRequest otherwise."""
    if not _NAME.fullmatch(name):
        raise MalformedRequest("a world's name is 1 to 63 of a-z, 0-9, _ and -, and does not begin with _ or -")
    return name
