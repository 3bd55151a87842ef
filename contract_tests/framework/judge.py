"""The second opinion: openapi-core holds every answer against its document. The only importer of openapi-core.

The mock judges itself with another implementation of JSON Schema, so that the two can't share a mistake.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import httpx
from openapi_core import Config, OpenAPI
from openapi_core.exceptions import OpenAPIError
from openapi_core.templating.media_types.exceptions import MediaTypeNotFound
from openapi_core.templating.paths.exceptions import PathError
from openapi_core.templating.responses.exceptions import ResponseNotFound
from openapi_core.testing import MockRequest, MockResponse
from openapi_core.validation.response.exceptions import HeaderValidationError

from .documents import document

KEYWORDS = {"type": "other type"}
EXTRA = ("additionalProperties", "unevaluatedProperties")


@dataclass(frozen=True, order=True)
class Difference:
    """What an answer says that the document does not allow. `where` is its status and a JSON pointer; `*` any item."""

    kind: str
    where: str


class Judge:
    """Judges a service's answers by its document, wherever the service is mounted at `url`.

    With `mounted`, `url` is the mount itself, whatever the document says about servers.
    """

    def __init__(self, service: str, url: str, mounted: bool = False) -> None:
        described = copy.deepcopy(document(service))
        for holder in (described, *described["paths"].values()):
            for server in holder.get("servers", ()):
                server["url"] = url if mounted else url + server["url"].rstrip("/")
                if mounted:
                    server.pop("variables", None)
        texts: dict[str, Callable[[bytes], Any]] = {"application/json": _read, "application/scim+json": _read}
        config = Config(spec_validator_cls=None, extra_media_type_deserializers=texts)
        self._url = url
        self._openapi = OpenAPI.from_dict(described, config=config)

    def differences(self, response: httpx.Response) -> tuple[Difference, ...]:
        """What is wrong with an answer. Nothing is where its path is none of the document's."""
        request = response.request
        # A path's own 405 belongs to no operation; templates that look alike would lend it one.
        if request.method in ("HEAD", "OPTIONS") or response.status_code == 405:
            return ()
        asked = MockRequest(self._url, request.method.lower(), request.url.raw_path.decode().partition("?")[0])
        content_type = response.headers.get("content-type", "")
        answered = MockResponse(response.content, response.status_code, dict(response.headers), content_type)
        try:
            self._openapi.validate_response(asked, answered)
        except PathError:
            return ()
        except OpenAPIError as error:
            return tuple(sorted(set(_differences(error, str(response.status_code)))))
        return ()


@lru_cache
def judge(service: str, url: str, mounted: bool = False) -> Judge:
    """One judge for each service and URL: making one takes a while."""
    return Judge(service, url, mounted)


def _differences(error: OpenAPIError, status: str) -> Iterator[Difference]:
    causes = getattr(error.__cause__, "schema_errors", ())
    if isinstance(error, ResponseNotFound):
        yield Difference("other status", status)
    elif isinstance(error.__cause__, MediaTypeNotFound):
        yield Difference("other header", f"{status} Content-Type: {error.__cause__.mimetype or 'none'}")
    elif isinstance(error, HeaderValidationError):
        yield Difference("other header", f"{status} {error.name}")
    elif causes:
        for cause in causes:
            yield from _in_body(cause, status)
    else:
        yield Difference("other body", f"{status} {type(error).__name__}")


def _in_body(cause: Any, status: str) -> Iterator[Difference]:
    """What a schema's keyword found. Values are not told: they may be secrets."""
    place = _pointer(cause.absolute_path)
    if cause.validator in ("anyOf", "oneOf") and cause.context:
        # The alternative that the value came furthest into is the one that was meant.
        meant = max(cause.context, key=lambda it: (len(it.absolute_path), it.validator != "type"))
        yield from _in_body(meant, status)
    elif cause.validator == "required":
        for name in cause.validator_value:
            if name not in cause.instance:
                yield Difference("missing field", f"{status} {place}/{name}")
    elif cause.validator in EXTRA and isinstance(cause.instance, dict):
        known = cause.schema.get("properties", {})
        unknown = [name for name in cause.instance if name not in known] or ["*"]
        yield from (Difference("extra field", f"{status} {place}/{name}") for name in unknown)
    else:
        kind = KEYWORDS.get(cause.validator, f"other value ({cause.validator})")
        yield Difference(kind, f"{status} {place or '/'}")


def _pointer(path: Sequence[Any]) -> str:
    return "".join(f"/{'*' if isinstance(part, int) else part}" for part in path)


def _read(content: bytes, **_: str) -> Any:
    """JSON, or the text itself where a document describes a string that is sent bare."""
    try:
        return json.loads(content)
    except ValueError:
        return content.decode()
