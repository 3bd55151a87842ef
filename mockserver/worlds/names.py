"""Names of worlds."""

from __future__ import annotations

import re

from mockserver.core.problems import MalformedRequest

DEFAULT = "default"
"""The name of the world that a request is for when it names none."""

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")


def check_name(name: str) -> str:
    """Returns a name that a world can have. Raises MalformedRequest for any other one."""
    if not _NAME.fullmatch(name):
        raise MalformedRequest("a world's name is 1 to 63 of a-z, 0-9, _ and -, and does not begin with _ or -")
    return name
