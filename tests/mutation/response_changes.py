"""Faults of a response: small changes to a response that the mock has made right.

Each takes the response and the words that follow its name in `mutants.yaml`. Pointers are JSON pointers into the body.
"""

from __future__ import annotations

import json
import operator
from collections.abc import Callable, Mapping
from typing import Any

from mockserver.core.messages import Response, encode

Change = Callable[..., None]
LEAKED = "hunter2-leaked-secret"


def status(response: Response, code: str) -> None:
    """Changes the status and nothing else."""
    response.status = int(code)


def drop(response: Response, pointer: str) -> None:
    """Removes a field."""
    _edit(response, pointer, lambda holder, name: holder.pop(name))


def rename(response: Response, pointer: str) -> None:
    """Renames a field."""
    _edit(response, pointer, lambda holder, name: holder.update({f"{name}X": holder.pop(name)}))


def put(response: Response, pointer: str, text: str) -> None:
    """Sets a field to the value whose JSON is the text."""
    _edit(response, pointer, lambda holder, name: operator.setitem(holder, name, json.loads(text)))


def retype(response: Response, pointer: str) -> None:
    """Changes the type of a field: a string becomes a list, and any other value the string of its JSON."""
    _edit(response, pointer, lambda holder, name: operator.setitem(holder, name, _retyped(holder[name])))


def leak(response: Response, pointer: str) -> None:
    """Sets a field to a secret that should not be there."""
    put(response, pointer, json.dumps(LEAKED))


def unwrap(response: Response, name: str) -> None:
    """Removes the envelope and leaves what it contains."""
    response.body = encode(response.json()[name])


def wrap(response: Response, name: str) -> None:
    """Adds an envelope that does not belong there."""
    response.body = encode({name: response.json()})


def drop_last(response: Response, pointer: str = "") -> None:
    """Removes the last item of a list."""
    _relist(response, pointer, lambda items: items[:-1])


def drop_first(response: Response, pointer: str = "") -> None:
    """Removes the first item of a list."""
    _relist(response, pointer, lambda items: items[1:])


def reverse(response: Response, pointer: str = "") -> None:
    """Reverses a list."""
    _relist(response, pointer, lambda items: items[::-1])


def repeat_last(response: Response, pointer: str = "") -> None:
    """Repeats the last item of a list."""
    _relist(response, pointer, lambda items: items + items[-1:])


def drop_header(response: Response, name: str) -> None:
    """Removes a header."""
    response.headers = [pair for pair in response.headers if pair[0].lower() != name.lower()]


def set_header(response: Response, name: str, value: str) -> None:
    """Sets a header to another value."""
    drop_header(response, name)
    response.headers.append((name, value))


def not_json(response: Response) -> None:
    """Replaces the body by one that is not JSON."""
    response.body = b"<html>It works!</html>"


def no_body(response: Response) -> None:
    """Removes the body."""
    response.body = b""


CHANGES: Mapping[str, Change] = {
    change.__name__: change
    for change in (
        *(status, drop, rename, put, retype, leak, unwrap, wrap, drop_last, drop_first, reverse, repeat_last),
        *(drop_header, set_header, not_json, no_body),
    )
}


def _edit(response: Response, pointer: str, act: Callable[[Any, Any], object]) -> None:
    """Changes the body at a pointer. `act` takes the innermost object or list, and the key or index in it."""
    body = response.json()
    holder = body
    *parts, last = pointer.split("/")[1:]
    for part in parts:
        holder = holder[_key(holder, part)]
    act(holder, _key(holder, last))
    response.body = encode(body)


def _key(holder: Any, part: str) -> Any:
    return int(part) if isinstance(holder, list) else part.replace("~1", "/")


def _retyped(value: Any) -> Any:
    return [value] if isinstance(value, str) else json.dumps(value)


def _relist(response: Response, pointer: str, change: Callable[[list[Any]], list[Any]]) -> None:
    if pointer:
        _edit(response, pointer, lambda holder, name: operator.setitem(holder, name, change(holder[name])))
    else:
        response.body = encode(change(response.json()))
