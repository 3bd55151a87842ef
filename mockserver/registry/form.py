"""Checks the form of an OpenAPI document before it is compiled, to tell its author in plain words what is wrong."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mockserver.documents.document import METHODS


def flaw(document: Any) -> str | None:
    """Returns the first thing that is wrong with the form of a document; None if nothing is."""
    return next(_flaws(document), None)


def _flaws(document: Any) -> Iterator[str]:
    if not isinstance(document, dict) or not str(document.get("openapi", "")).startswith("3.1"):
        yield "it does not begin with `openapi: 3.1.0`"
        return
    if not isinstance(document.get("info"), dict) or not isinstance(document["info"].get("title"), str):
        yield "`info.title` is missing"
    if not isinstance(document.get("paths"), dict):
        yield "`paths` is missing"
        return
    for path, item in document["paths"].items():
        yield from _path_flaws(path, item)
    for reference in sorted(set(_references(document))):
        if not _leads_somewhere(document, reference):
            yield f"the reference {reference} leads nowhere"


def _path_flaws(path: str, item: Any) -> Iterator[str]:
    if not isinstance(item, dict):
        yield f"{path} is no mapping"
        return
    for method in METHODS:
        operation = item.get(method, {"operationId": "", "responses": {}})
        if not isinstance(operation, dict) or not {"operationId", "responses"} <= operation.keys():
            yield f"{method.upper()} {path} has no `operationId` or no `responses`"


def _references(document: Any) -> Iterator[str]:
    """Yields the references within a document. Others are data: SCIM resources have `$ref` members that hold URLs."""
    pending = [document]
    while pending:
        value = pending.pop()
        if isinstance(value, dict):
            reference = value.get("$ref")
            if isinstance(reference, str) and reference.startswith("#/"):
                yield reference
            pending.extend(value.values())
        elif isinstance(value, list):
            pending.extend(value)


def _leads_somewhere(document: Any, reference: str) -> bool:
    value = document
    for part in reference.split("/")[1:]:
        name = part.replace("~1", "/").replace("~0", "~")
        if isinstance(value, dict) and name in value:
            value = value[name]
        elif isinstance(value, list) and name.isdigit() and int(name) < len(value):
            value = value[int(name)]
        else:
            return False
    return True
