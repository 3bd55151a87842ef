"""Rules over several query parameters, and the aliases of a path."""

from __future__ import annotations

from typing import Any

import pytest

from mockserver.core.problems import InvalidInput
from mockserver.documents.reading import read_parameters
from mockserver.documents.spec import Operation, operations

SCOPE = {
    "name": "scope",
    "in": "query",
    "style": "form",
    "explode": True,
    "schema": {
        "type": "object",
        "properties": {"tenant": {"type": "string"}, "product": {"type": "string"}, "page": {"type": "integer"}},
        "dependentRequired": {"tenant": ["product"]},
    },
}


def described(**extra: Any) -> dict[str, Any]:
    operation = {"operationId": "list", "parameters": [SCOPE], "responses": {"200": {"description": "all"}}}
    item = {"get": operation}
    return {"servers": [{"url": "/v1"}], "paths": {"/things": item, "/thingsome": item}, **extra}


def first_operation(**extra: Any) -> Operation:
    return next(operations("sample", described(**extra)))


def test_an_operation_is_also_served_under_the_aliases_of_its_path() -> None:
    paths = [operation.path for operation in operations("sample", described(**{"x-aliases": {"/things": "/t"}}))]
    assert paths == ["/v1/things", "/v1/t", "/v1/thingsome"]


def test_each_property_of_an_exploded_parameter_is_a_parameter() -> None:
    found = read_parameters(first_operation(), {"tenant": ["t"], "product": ["p"], "page": ["3"]})
    assert found == {"tenant": "t", "product": "p", "page": 3}


def test_a_rule_over_several_parameters_validates_them_together() -> None:
    assert read_parameters(first_operation(), {"product": ["p"]}) == {"product": "p"}
    with pytest.raises(InvalidInput) as refusal:
        read_parameters(first_operation(), {"tenant": ["t"]})
    (violation,) = refusal.value.violations
    assert (violation.where, violation.name) == ("query", "product")


def test_the_query_schema_of_an_operation_judges_its_flat_parameters_together() -> None:
    flat = described()
    operation = flat["paths"]["/things"]["get"]
    operation["parameters"] = [{"name": name, "in": "query", "schema": {}} for name in ("tenant", "product")]
    operation["x-query-schema"] = {"$ref": "#/components/schemas/Pair"}
    flat["components"] = {"schemas": {"Pair": {"type": "object", "dependentRequired": {"tenant": ["product"]}}}}
    compiled = next(operations("sample", flat))
    assert read_parameters(compiled, {"tenant": ["t"], "product": ["p"]}) == {"tenant": "t", "product": "p"}
    with pytest.raises(InvalidInput):
        read_parameters(compiled, {"tenant": ["t"]})


def test_a_query_schema_can_stand_in_the_operation_itself() -> None:
    document = described()
    document["paths"]["/things"]["get"]["x-query-schema"] = {"required": ["page"]}
    with pytest.raises(InvalidInput):
        read_parameters(next(operations("sample", document)), {"tenant": ["t"], "product": ["p"]})
