"""Builds the HTTP request of a step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from mockserver.core.messages import JSON_TYPE, Headers, Json, Request, encode
from mockserver.flows.arazzo import BoundOperation, Step, StepBody
from mockserver.flows.expressions import Scope, replaced, resolve, text

FORM_TYPE = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class StepRequest:
    """A request together with the values it was built from: the parameters by location and name, and the body as
    JSON."""

    request: Request
    parameters: Mapping[str, Mapping[str, Json]]
    body: Json

    @property
    def scope(self) -> Scope:
        """The values that expressions reach by `$request`."""
        headers = {name.lower(): value for name, value in self.request.headers.items()}
        return {**self.parameters, "header": headers, "body": self.body}


def build_request(step: Step, operation: BoundOperation, scope: Scope) -> StepRequest:
    """Returns the request of a step. Its target is relative to the server's URL. Raises Undefined."""
    parameters: dict[str, dict[str, Json]] = {"path": {}, "query": {}, "header": {}, "cookie": {}}
    for parameter in step.parameters:
        parameters[parameter.location][parameter.name] = resolve(parameter.value, scope)
    headers = {"Accept": "*/*"} | {name: text(value) for name, value in parameters["header"].items()}
    if parameters["cookie"]:
        headers["Cookie"] = "; ".join(f"{name}={text(value)}" for name, value in parameters["cookie"].items())
    payload = None
    content = b""
    if step.body:
        payload = _payload(step.body, scope)
        headers["Content-Type"] = step.body.content_type or JSON_TYPE
        content = _encoded(payload, headers["Content-Type"])
    target = _target(operation.path, parameters["path"], parameters["query"])
    return StepRequest(Request(operation.method, target, Headers(headers), content), parameters, payload)


def _target(path: str, path_parameters: Mapping[str, Json], query_parameters: Mapping[str, Json]) -> str:
    for name, value in path_parameters.items():
        path = path.replace(f"{{{name}}}", quote(text(value), safe=""))
    query = [
        (name, text(item))
        for name, value in query_parameters.items()
        for item in (value if isinstance(value, list) else [value])
    ]
    return f"{path}?{urlencode(query, quote_via=quote)}" if query else path


def _payload(body: StepBody, scope: Scope) -> Json:
    payload = resolve(body.payload, scope)
    for pointer, value in body.replacements:
        payload = replaced(payload, pointer, resolve(value, scope))
    return payload


def _encoded(payload: Json, content_type: str) -> bytes:
    if content_type == FORM_TYPE and isinstance(payload, Mapping):
        return urlencode({name: text(value) for name, value in payload.items()}).encode()
    if isinstance(payload, str) and "json" not in content_type:
        return payload.encode()
    return encode(payload)
