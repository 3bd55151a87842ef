"""What can be wrong with an answer: small changes of a response that the mock made right.

Each takes the response and the words that follow the change's name in `mutants.yaml`. Pointers are JSON pointers.
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
    """Another status, the rest as it was."""
    response.status = int(code)


def drop(response: Response, pointer: str) -> None:
    """A member is missing."""
    _edit(response, pointer, lambda holder, name: holder.pop(name))


def rename(response: Response, pointer: str) -> None:
    """A member has another name."""
    _edit(response, pointer, lambda holder, name: holder.update({f"{name}X": holder.pop(name)}))


def put(response: Response, pointer: str, text: str) -> None:
    """A member has the value that the text is the JSON of."""
    _edit(response, pointer, lambda holder, name: operator.setitem(holder, name, json.loads(text)))


def retype(response: Response, pointer: str) -> None:
    """A member has another type: a list where it is a string, else the JSON text of its value."""
    _edit(response, pointer, lambda holder, name: operator.setitem(holder, name, _retyped(holder[name])))


def leak(response: Response, pointer: str) -> None:
    """A secret shows that should not."""
    put(response, pointer, json.dumps(LEAKED))


def unwrap(response: Response, name: str) -> None:
    """The envelope is gone: what is in it comes bare."""
    response.body = encode(response.json()[name])


def wrap(response: Response, name: str) -> None:
    """An envelope that does not belong there."""
    response.body = encode({name: response.json()})


def shorten(response: Response, pointer: str = "") -> None:
    """A list lacks its last item."""
    _relist(response, pointer, lambda items: items[:-1])


def behead(response: Response, pointer: str = "") -> None:
    """A list lacks its first item."""
    _relist(response, pointer, lambda items: items[1:])


def reverse(response: Response, pointer: str = "") -> None:
    """A list is in the opposite order."""
    _relist(response, pointer, lambda items: items[::-1])


def repeat(response: Response, pointer: str = "") -> None:
    """A list has its last item twice."""
    _relist(response, pointer, lambda items: items + items[-1:])


def unnamed(response: Response, name: str) -> None:
    """A header is missing."""
    response.headers = [pair for pair in response.headers if pair[0].lower() != name.lower()]


def header(response: Response, name: str, value: str) -> None:
    """A header says something else."""
    unnamed(response, name)
    response.headers.append((name, value))


def text(response: Response) -> None:
    """The body is no JSON."""
    response.body = b"<html>It works!</html>"


def empty(response: Response) -> None:
    """There is no body."""
    response.body = b""


CHANGES: Mapping[str, Change] = {
    change.__name__: change
    for change in (
        *(status, drop, rename, put, retype, leak, unwrap, wrap, shorten, behead, reverse, repeat),
        *(unnamed, header, text, empty),
    )
}


def _edit(response: Response, pointer: str, act: Callable[[Any, Any], object]) -> None:
    """Changes the body at a pointer: `act` takes what holds the last part, and that part as key or index."""
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
