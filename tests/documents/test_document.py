"""A document's operations are found in its order, and parameters that stand for several are recognized."""

from __future__ import annotations

from typing import Any

import pytest

from mockserver.documents.document import METHODS, definitions, is_exploded


def test_every_operation_comes_with_its_path_and_path_item() -> None:
    things = {"post": {"operationId": "create"}, "summary": "is not an operation", "get": {"operationId": "list"}}
    other = {method: {"operationId": method} for method in METHODS}
    listed = list(definitions({"paths": {"/things": things, "/other": other}}))
    assert [(it.path, it.method, it.operation["operationId"]) for it in listed] == [
        ("/things", "post", "create"),
        ("/things", "get", "list"),
        *(("/other", method, method) for method in METHODS),
    ]
    assert [it.item for it in listed] == [things] * 2 + [other] * len(METHODS)


@pytest.mark.parametrize(
    ("where", "schema", "exploded"),
    [
        ("query", {"type": "object"}, True),
        ("query", {"type": "array"}, False),
        ("query", {}, False),
        ("header", {"type": "object"}, False),
    ],
)
def test_an_object_in_the_query_is_exploded_into_its_properties(
    where: str, schema: dict[str, Any], exploded: bool
) -> None:
    assert is_exploded({"in": where}, schema) is exploded
