"""What is served: whether the server is up, its services, their documents, the key that tokens are signed with."""

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
    """This module's operations. `guarded` tells whether the control plane wants a token."""
    return {
        "getHealth": partial(health, documents),
        "listServices": partial(services, documents),
        "getDocument": partial(document, worlds, documents, guarded),
        "getKeySet": key_set,
    }


def health(documents: Mapping[str, Document], call: Call) -> Json:
    """Says that the server is up, and what it serves."""
    return {"status": "ok", "version": VERSION, "services": _names(documents)}


def services(documents: Mapping[str, Document], call: Call) -> Json:
    """Each service with its title, where it is mounted, and how many operations it has."""
    return [_described(name, documents[name], call.base) for name in _names(documents)]


def document(worlds: Worlds, documents: Mapping[str, Document], guarded: bool, call: Call) -> Json:
    """A service's document, as this server obeys it: with absolute URLs, with requests closed where it is strict, the
    control plane's without security where it is not guarded."""
    name = call.path["document"].removesuffix(".json")
    if name not in documents:
        raise NotFound("document", name)
    strict = worlds.options.get("strict")
    served: Document = closed_document(documents[name]) if strict else json.loads(encode(documents[name]))
    if not guarded and name == CONTROL:
        served["security"] = []
    _tell_bare_text(served, worlds.options)
    for holder in (served, *served["paths"].values()):
        for server in holder.get("servers", ()):
            server["url"] = (call.base + server["url"]).rstrip("/")
    return served


def key_set(call: Call) -> Json:
    """The public key that every token issued here is signed with."""
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


def _tell_bare_text(document: Document, options: Mapping[str, Any]) -> None:
    """An answer that is sent bare, though labelled JSON, is nothing that a JSON schema could describe, nor a link read.
    Its description moves from `content` to `x-bare-text`, unless the option that `x-bare-text-unless` names is set."""
    for item in document["paths"].values():
        for method, operation in item.items():
            for response in operation["responses"].values() if method in METHODS else ():
                if "x-bare-text-unless" in response and not options.get(response["x-bare-text-unless"]):
                    response["x-bare-text"] = response.pop("content")
                    links = response.get("links", {}).items()
                    response["links"] = {name: link for name, link in links if "$response.body" not in str(link)}
