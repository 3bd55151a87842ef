"""Validation by openapi-core: every response is compared with its document. The only module that imports openapi-core.

The mock validates its own responses with another implementation of JSON Schema, so the two can't share a mistake.
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

KINDS = {"type": "other type"}
"""The kind of difference for a schema keyword; for all other keywords it is `other value (<keyword>)`."""

EXTRA = ("additionalProperties", "unevaluatedProperties")


@dataclass(frozen=True, order=True)
class Difference:
    """One way in which a deployment differs from the document.

    `where` is usually the status and a JSON pointer into the body, in which `*` stands for any index.
    """

    kind: str
    where: str


class ResponseValidator:
    """Validates the responses of a service against its document, for a service that is served at `url`.

    If `mounted` is true, `url` is the service's mount itself and replaces the servers in the document.
    """

    def __init__(self, service: str, url: str, mounted: bool = False) -> None:
        described = copy.deepcopy(document(service))
        for holder in (described, *described["paths"].values()):
            for server in holder.get("servers", ()):
                server["url"] = url if mounted else url + server["url"].rstrip("/")
                if mounted:
                    server.pop("variables", None)
        deserializers: dict[str, Callable[[bytes], Any]] = {
            "application/json": _deserialize,
            "application/scim+json": _deserialize,
        }
        config = Config(spec_validator_cls=None, extra_media_type_deserializers=deserializers)
        self._url = url
        self._openapi = OpenAPI.from_dict(described, config=config)

    def differences(self, response: httpx.Response) -> tuple[Difference, ...]:
        """Returns how a response differs from the document. A response to an undocumented path never differs."""
        request = response.request
        # A 405 belongs to a path and to no operation; a template that looks alike would lend it the wrong one.
        if request.method in ("HEAD", "OPTIONS") or response.status_code == 405:
            return ()
        path = request.url.raw_path.decode().partition("?")[0]
        core_request = MockRequest(self._url, request.method.lower(), path)
        content_type = response.headers.get("content-type", "")
        core_response = MockResponse(response.content, response.status_code, dict(response.headers), content_type)
        try:
            self._openapi.validate_response(core_request, core_response)
        except PathError:
            return ()
        except OpenAPIError as error:
            return tuple(sorted(set(_differences(error, str(response.status_code)))))
        return ()


@lru_cache
def validator(service: str, url: str, mounted: bool = False) -> ResponseValidator:
    """Returns the validator of a service at a URL. Creating one takes a while, so each is created once."""
    return ResponseValidator(service, url, mounted)


def _differences(error: OpenAPIError, status: str) -> Iterator[Difference]:
    schema_errors = getattr(error.__cause__, "schema_errors", ())
    if isinstance(error, ResponseNotFound):
        yield Difference("other status", status)
    elif isinstance(error.__cause__, MediaTypeNotFound):
        yield Difference("other header", f"{status} Content-Type: {error.__cause__.mimetype or 'none'}")
    elif isinstance(error, HeaderValidationError):
        yield Difference("other header", f"{status} {error.name}")
    elif schema_errors:
        for schema_error in schema_errors:
            yield from _body_differences(schema_error, status)
    else:
        yield Difference("other body", f"{status} {type(error).__name__}")


def _body_differences(error: Any, status: str) -> Iterator[Difference]:
    """Yields the differences behind a schema error. They contain no values, because a value may be a secret."""
    pointer = _pointer(error.absolute_path)
    if error.validator in ("anyOf", "oneOf") and error.context:
        # The alternative that matches most of the value is the one that was meant.
        meant = max(error.context, key=lambda it: (len(it.absolute_path), it.validator != "type"))
        yield from _body_differences(meant, status)
    elif error.validator == "required":
        for name in error.validator_value:
            if name not in error.instance:
                yield Difference("missing field", f"{status} {pointer}/{name}")
    elif error.validator in EXTRA and isinstance(error.instance, dict):
        known = error.schema.get("properties", {})
        extra = [name for name in error.instance if name not in known] or ["*"]
        yield from (Difference("extra field", f"{status} {pointer}/{name}") for name in extra)
    else:
        kind = KINDS.get(error.validator, f"other value ({error.validator})")
        yield Difference(kind, f"{status} {pointer or '/'}")


def _pointer(path: Sequence[Any]) -> str:
    return "".join(f"/{'*' if isinstance(part, int) else part}" for part in path)


def _deserialize(content: bytes, **_: str) -> Any:
    """Returns the JSON value, or the text itself: some documents describe a string that is sent without quotes."""
    try:
        return json.loads(content)
    except ValueError:
        return content.decode()
