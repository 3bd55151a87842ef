"""Sample requests: for each operation a request that should succeed in the scenario `documented`.

A sample comes from the vendor's page if the page shows an example, otherwise from the examples in the document.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import quote

from .documents import DocumentedOperation, credential_header, document, documented_examples, operations, resolve


@dataclass(frozen=True)
class SampleRequest:
    """A request. `path` is native and includes the query; `body` is JSON, or None for no body."""

    method: str
    path: str
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)


def sample(operation: DocumentedOperation) -> SampleRequest | None:
    """Returns the sample request of an operation; None if a path parameter has no example."""
    for example in documented_examples(operation.service):
        if example["operation"] == operation.id and example["response"]["status"] < 400:
            request = example["request"]
            return SampleRequest(request["method"], request["path"], request.get("body"), request.get("headers") or {})
    path = _path_on_page(operation) or operation.template
    for name in re.findall(r"{([^}]+)}", path):
        value = _parameter_example(operation, name)
        if value is None:
            return None
        path = path.replace(f"{{{name}}}", quote(str(value), safe=""))
    query = "&".join(_required_query(operation))
    return SampleRequest(operation.method, path + ("?" + query if query else ""), _body_in_document(operation))


def without_credential(service: str, request: SampleRequest) -> SampleRequest:
    """Returns a request without the credential that the vendor's page shows."""
    names = credential_header(service, "")
    return replace(request, headers={name: value for name, value in request.headers.items() if name not in names})


def required_sample(operation: DocumentedOperation) -> SampleRequest:
    """Returns the sample request of an operation. Raises AssertionError if there is none."""
    request = sample(operation)
    assert request is not None, f"{operation.id} has no sample: give its parameters and body examples"
    return request


def body_example(operation: DocumentedOperation) -> Any:
    """Returns an example of the operation's request body, or None if the operation takes no body."""
    request = sample(operation)
    return request.body if request else _body_in_document(operation)


def with_unknown_id(operation: DocumentedOperation, path: str) -> str:
    """Returns a path whose last parameter has another value of the same form, which no resource should have."""
    if "{" not in operation.template:
        return path
    path, mark, query = path.partition("?")
    segments = path.split("/")
    template = operation.template.split("/")
    place = max(index for index, segment in enumerate(template) if segment.startswith("{"))
    segments[place] = quote(_unknown(segments[place]), safe="")
    return "/".join(segments) + mark + query


def _unknown(value: str) -> str:
    """Returns another value of the same form: digits for digits, hexadecimal for hexadecimal, letters for letters."""
    if value.isdigit():
        return "987654321"
    if re.fullmatch(r"[0-9a-f-]+", value):
        return re.sub("[0-9a-f]", "f", value)
    return re.sub("[A-Za-z]", "z", value)


def _path_on_page(operation: DocumentedOperation) -> str | None:
    """Returns the path of an example on the page that calls another operation with the same template."""
    for example in documented_examples(operation.service):
        if operations(operation.service)[example["operation"]].template == operation.template:
            path: str = example["request"]["path"].partition("?")[0]
            return path
    return None


def _parameter_example(operation: DocumentedOperation, name: str) -> Any:
    for entry in operation.definition["parameters"]:
        parameter = resolve(operation.service, entry)
        if parameter["name"] == name and parameter["in"] == "path":
            return _example(operation.service, parameter)
    variables = (document(operation.service).get("servers") or [{}])[0].get("variables", {})
    return variables.get(name, {}).get("default")


def _required_query(operation: DocumentedOperation) -> Iterator[str]:
    """Yields `name=value` for what a query must have: the required parameters, and what they must be in combination."""
    combination = resolve(operation.service, operation.definition.get("x-query-schema")) or {}
    for name, value in combination.get("examples", [{}])[0].items():
        yield f"{name}={quote(str(value), safe='')}"
    for entry in operation.definition["parameters"]:
        parameter = resolve(operation.service, entry)
        example = _example(operation.service, parameter)
        if parameter["in"] == "query" and parameter.get("required") and example is not None:
            pairs = example.items() if isinstance(example, dict) else [(parameter["name"], example)]
            yield from (f"{name}={quote(str(value), safe='')}" for name, value in pairs)


def _body_in_document(operation: DocumentedOperation) -> Any:
    body = resolve(operation.service, operation.definition.get("requestBody"))
    media = next(iter(body["content"].values())) if body else {}
    return _example(operation.service, media)


def _example(service: str, holder: Mapping[str, Any]) -> Any:
    """Returns the example of a parameter or media type, wherever the document has it: beside the schema or within."""
    for entry in holder.get("examples", {}).values():
        return resolve(service, entry)["value"]
    schema = resolve(service, holder.get("schema", {}))
    values = schema.get("examples") or schema.get("enum") or [schema.get("default")]
    return holder.get("example", schema.get("example", values[0]))
