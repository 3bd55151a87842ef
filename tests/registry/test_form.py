"""What an OpenAPI document lacks is said in plain words, whatever the document is."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.registry.form import flaw
from mockserver.registry.resources import document

WHOLE: dict[str, Any] = {"openapi": "3.1.0", "info": {"title": "T"}, "paths": {}}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda part: st.lists(part) | st.dictionaries(st.sampled_from(["$ref", "get", "info", "paths", "title"]), part),
)


@pytest.mark.parametrize("service", ["netbird", "jackson", "vcf", "netfoundry", "scim", "control"])
def test_the_documents_of_this_project_lack_nothing(service: str) -> None:
    assert flaw(document(service)) is None


@pytest.mark.parametrize(
    ("reference", "leads"),
    [
        ("#/paths/~1a~0b", True),
        ("#/x/0", True),
        ("#/x/1", False),
        ("#/x/y", False),
        ("#/info/title/more", False),
        ("https://a.example/Users/1", True),
    ],
)
def test_a_reference_within_the_document_has_to_lead_somewhere(reference: str, leads: bool) -> None:
    found = flaw({**WHOLE, "paths": {"/a~b": {}}, "x": [1], "components": {"$ref": reference}})
    assert found == (None if leads else f"the reference {reference} leads nowhere")


@given(JSON)
def test_whatever_a_document_is_its_flaw_is_a_sentence(value: Any) -> None:
    assert isinstance(flaw(value), str)
    whole = flaw({**WHOLE, "paths": value})
    assert whole is None or isinstance(whole, str)
