"""The header that carries a credential follows from the document's security scheme."""

from __future__ import annotations

from typing import Any

import pytest

from mockserver.registry.credentials import credential_headers
from mockserver.registry.resources import document


def described(scheme: dict[str, Any]) -> dict[str, Any]:
    return {"security": [{"own": []}, {"other": []}], "components": {"securitySchemes": {"own": scheme}}}


@pytest.mark.parametrize(
    ("scheme", "headers"),
    [
        ({"type": "http", "scheme": "bearer"}, {"Authorization": "Bearer x"}),
        ({"type": "http", "scheme": "Basic"}, {"Authorization": "Basic x"}),
        ({"type": "oauth2", "flows": {}}, {"Authorization": "Bearer x"}),
        ({"type": "apiKey", "in": "header", "name": "X-Key"}, {"X-Key": "x"}),
        ({"type": "apiKey", "in": "header", "name": "X-Key", "x-scheme": "Key"}, {"X-Key": "Key x"}),
    ],
)
def test_the_first_scheme_says_which_header_carries_the_credential(
    scheme: dict[str, Any], headers: dict[str, str]
) -> None:
    assert credential_headers(described(scheme), "x") == headers


@pytest.mark.parametrize("security", [None, [], [{}]])
def test_an_api_without_security_takes_no_credential(security: Any) -> None:
    assert credential_headers({"security": security}, "x") == {}


def test_a_credential_that_is_no_header_is_refused() -> None:
    with pytest.raises(ValueError, match="sent in a cookie"):
        credential_headers(described({"type": "apiKey", "in": "cookie", "name": "session"}), "x")
    with pytest.raises(ValueError, match="does not describe"):
        credential_headers({"security": [{"nobody": []}]}, "x")


@pytest.mark.parametrize(
    ("service", "value"),
    [("netbird", "Token"), ("jackson", "Api-Key"), ("vcf", "Bearer"), ("netfoundry", "Bearer"), ("scim", "Bearer")],
)
def test_the_apis_of_this_project_take_theirs_in_authorization(service: str, value: str) -> None:
    assert credential_headers(document(service), "x") == {"Authorization": f"{value} x"}
