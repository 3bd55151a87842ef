"""The request that a step makes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from mockserver.core.messages import JSON_TYPE, Headers, Json, Request, encode
from mockserver.flows.arazzo import BoundOperation, RequestBody, Step
from mockserver.flows.expressions import Scope, replaced, resolve, text

FORM_TYPE = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class StepRequest:
    """A request and what it was made of: its parameters by place and name, and its body before it became bytes."""

    request: Request
    parameters: Mapping[str, Mapping[str, Json]]
    body: Json

    @property
    def scope(self) -> Scope:
        """What `$request` speaks of."""
        headers = {name.lower(): value for name, value in self.request.headers.items()}
        return {**self.parameters, "header": headers, "body": self.body}


def request_of(step: Step, operation: BoundOperation, scope: Scope) -> StepRequest:
    """The request of a step, its target relative to the deployment's URL. Raises Undefined."""
    given: dict[str, dict[str, Json]] = {"path": {}, "query": {}, "header": {}, "cookie": {}}
    for parameter in step.parameters:
        given[parameter.where][parameter.name] = resolve(parameter.value, scope)
    target = operation.path
    for name, value in given["path"].items():
        target = target.replace(f"{{{name}}}", quote(text(value), safe=""))
    query = [(name, text(it)) for name, value in given["query"].items() for it in _several(value)]
    if query:
        target += "?" + urlencode(query, quote_via=quote)
    headers = {"Accept": "*/*"} | {name: text(value) for name, value in given["header"].items()}
    if given["cookie"]:
        headers["Cookie"] = "; ".join(f"{name}={text(value)}" for name, value in given["cookie"].items())
    payload = _payload(step.body, scope) if step.body else None
    content = b""
    if step.body:
        headers["Content-Type"] = step.body.content_type or JSON_TYPE
        content = _encoded(payload, headers["Content-Type"])
    return StepRequest(Request(operation.method, target, Headers(headers), content), given, payload)


def _payload(body: RequestBody, scope: Scope) -> Json:
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


def _several(value: Json) -> list[Json]:
    return value if isinstance(value, list) else [value]
