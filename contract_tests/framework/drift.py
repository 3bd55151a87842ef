"""How an answer differs from the one a document shows, in lines that name each difference.

Values that the server makes up are compared by type. List items are compared one by one and named `*`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any


def differences(expected: Any, answered: Any, generated: Sequence[str] = (), pointer: str = "") -> Iterator[str]:
    """What `answered` lacks, has besides, or says otherwise than `expected`; `generated` are JSON pointers."""
    generated = [re.sub(r"/[0-9]+(?=/|$)", "/*", it) for it in generated] if not pointer else generated
    if pointer in generated and type(expected) is type(answered):
        return
    if isinstance(expected, dict) and isinstance(answered, dict):
        for name in sorted(expected.keys() | answered.keys()):
            where = f"{pointer}/{name}"
            if name not in answered:
                yield f"lacks {where}"
            elif name not in expected:
                yield f"has {where} besides"
            else:
                yield from differences(expected[name], answered[name], generated, where)
    elif isinstance(expected, list) and isinstance(answered, list) and len(expected) == len(answered):
        for left, right in zip(expected, answered, strict=True):
            yield from differences(left, right, generated, f"{pointer}/*")
    elif expected != answered or type(expected) is not type(answered):
        yield f"says otherwise at {pointer or 'the top'}: {_brief(answered)}"


def _brief(value: Any) -> str:
    """A value for people, without what differs from run to run."""
    text = value if isinstance(value, str) else repr(value)
    return re.sub(r"127\.0\.0\.1:[0-9]+", "HOST", text)[:120]
