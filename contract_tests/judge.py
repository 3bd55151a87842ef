"""The second opinion: openapi-core holds every answer against its document. The only importer of openapi-core.

The mock judges itself with another implementation of JSON Schema, so that the two can't share a mistake.
"""

from __future__ import annotations

import copy
import json
from typing import Any

import httpx
from openapi_core import Config, OpenAPI
from openapi_core.exceptions import OpenAPIError
from openapi_core.templating.media_types.exceptions import MediaTypeNotFound
from openapi_core.templating.paths.exceptions import PathError
from openapi_core.testing import MockRequest, MockResponse

from .documents import document


class Judge:
    """Judges a service's answers by its document, wherever the service is mounted at `url`."""

    def __init__(self, service: str, url: str) -> None:
        described = copy.deepcopy(document(service))
        for holder in (described, *described["paths"].values()):
            for server in holder.get("servers", ()):
                server["url"] = url + server["url"].rstrip("/")
        texts = dict.fromkeys(("application/json", "application/scim+json"), _read)
        config = Config(spec_validator_cls=None, extra_media_type_deserializers=texts)  # type: ignore[arg-type]
        self._url = url
        self._openapi = OpenAPI.from_dict(described, config=config)

    def complaint(self, response: httpx.Response) -> str | None:
        """What is wrong with an answer; None where nothing is, or where its path is none of the document's."""
        request = response.request
        # A path's own 405 belongs to no operation; templates that look alike would lend it one.
        if request.method in ("HEAD", "OPTIONS") or response.status_code == 405:
            return None
        asked = MockRequest(self._url, request.method.lower(), request.url.raw_path.decode().partition("?")[0])
        content_type = response.headers.get("content-type", "")
        answered = MockResponse(response.content, response.status_code, dict(response.headers), content_type)
        try:
            self._openapi.validate_response(asked, answered)
        except PathError:
            return None
        except MediaTypeNotFound as error:
            return f"{error}"
        except OpenAPIError as error:
            causes = [cause.message for cause in getattr(error.__cause__, "schema_errors", ())]
            return f"{error}: {'; '.join(causes) or error.__cause__}"
        return None


def _read(content: bytes, **_: str) -> Any:
    """JSON, or the text itself where a document describes a string that is sent bare."""
    try:
        return json.loads(content)
    except ValueError:
        return content.decode()
