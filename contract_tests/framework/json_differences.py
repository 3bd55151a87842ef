"""How an actual JSON value differs from the expected one, in one line for each difference.

A value that the server makes up is compared by type only. List items are compared pairwise, and the lines show their
index as `*`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any


def json_differences(expected: Any, actual: Any, generated: Sequence[str] = (), pointer: str = "") -> Iterator[str]:
    """Yields what `actual` lacks, adds or changes. `generated` holds JSON pointers to what the server makes up."""
    generated = [re.sub(r"/[0-9]+(?=/|$)", "/*", it) for it in generated] if not pointer else generated
    if pointer in generated and type(expected) is type(actual):
        return
    if isinstance(expected, dict) and isinstance(actual, dict):
        for name in sorted(expected.keys() | actual.keys()):
            inner = f"{pointer}/{name}"
            if name not in actual:
                yield f"missing: {inner}"
            elif name not in expected:
                yield f"extra: {inner}"
            else:
                yield from json_differences(expected[name], actual[name], generated, inner)
    elif isinstance(expected, list) and isinstance(actual, list) and len(expected) == len(actual):
        for left, right in zip(expected, actual, strict=True):
            yield from json_differences(left, right, generated, f"{pointer}/*")
    elif expected != actual or type(expected) is not type(actual):
        yield f"different: {pointer or '/'} is {_brief(actual)}"


def _brief(value: Any) -> str:
    """Returns a short text for a value, without the port, which changes from run to run."""
    text = value if isinstance(value, str) else repr(value)
    return re.sub(r"127\.0\.0\.1:[0-9]+", "HOST", text)[:120]
