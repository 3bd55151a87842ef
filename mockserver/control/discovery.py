"""Describes the server: its health, its services, their documents, and the public keys for tokens."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import partial
from typing import Any

from mockserver.core import tokens
from mockserver.core.messages import Json, encode
from mockserver.core.problems import NotFound
from mockserver.documents.closing import closed_document
from mockserver.documents.document import METHODS, Document
from mockserver.engine.service import CONTROL, Call, Handler
from mockserver.version import VERSION
from mockserver.worlds.worlds import Worlds


def handlers(worlds: Worlds, documents: Mapping[str, Document], guarded: bool) -> dict[str, Handler]:
    """This module's operations. `guarded` says whether the control plane requires a token."""
    return {
        "getHealth": partial(health, documents),
        "listServices": partial(services, documents),
        "getDocument": partial(document, worlds, documents, guarded),
        "getKeySet": key_set,
    }


def health(documents: Mapping[str, Document], call: Call) -> Json:
    """Returns the status of the server, its version and the names of its services."""
    return {"status": "ok", "version": VERSION, "services": _names(documents)}


def services(documents: Mapping[str, Document], call: Call) -> Json:
    """Returns each service with its title, its base URLs, its document and the number of its operations."""
    return [_described(name, documents[name], call.base) for name in _names(documents)]


def document(worlds: Worlds, documents: Mapping[str, Document], guarded: bool, call: Call) -> Json:
    """Returns the document of a service, adapted to this server.

    URLs are absolute. Where the server is strict, request schemas are closed. The control plane's document declares no
    security where no token is required.
    """
    name = call.path["document"].removesuffix(".json")
    if name not in documents:
        raise NotFound("document", name)
    strict = worlds.options.get("strict")
    served: Document = closed_document(documents[name]) if strict else json.loads(encode(documents[name]))
    if not guarded and name == CONTROL:
        served["security"] = []
    _describe_bare_text(served, worlds.options)
    for holder in (served, *served["paths"].values()):
        for server in holder.get("servers", ()):
            server["url"] = (call.base + server["url"]).rstrip("/")
    return served


def key_set(call: Call) -> Json:
    """Returns the public keys that verify every token issued here."""
    return tokens.key_set()


def _names(documents: Mapping[str, Document]) -> list[str]:
    return [name for name in documents if name != CONTROL]


def _described(name: str, document: Document, base: str) -> Json:
    count = sum(method in METHODS for item in document["paths"].values() for method in item)
    return {
        "name": name,
        "title": document["info"]["title"],
        "urls": [(base + server["url"]).rstrip("/") for server in document.get("servers", ())],
        "document": f"{base}/_mock/openapi/{name}.json",
        "operations": count,
    }


def _describe_bare_text(document: Document, options: Mapping[str, Any]) -> None:
    """Moves the description of bare-text responses from `content` to `x-bare-text`.

    A response that is bare text but labelled JSON has no JSON schema, and no link can read its body. The response is
    left alone where the option that its `x-bare-text-unless` names is set: then it is JSON.
    """
    for item in document["paths"].values():
        for method, operation in item.items():
            for response in operation["responses"].values() if method in METHODS else ():
                if "x-bare-text-unless" in response and not options.get(response["x-bare-text-unless"]):
                    response["x-bare-text"] = response.pop("content")
                    links = response.get("links", {}).items()
                    response["links"] = {name: link for name, link in links if "$response.body" not in str(link)}
