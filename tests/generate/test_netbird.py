"""NetBird's scenarios: every record is one that the API returns and would accept."""

from __future__ import annotations

from typing import Any

import pytest

from mockserver import MockServer
from mockserver.core.messages import JSON_TYPE, Headers, Request
from mockserver.documents.spec import Operation, operations
from mockserver.generate import netbird
from mockserver.registry import resources
from tests.services.netbird.account import AZURE, GOOGLE, OKTA, PROVIDERS

SCENARIOS = {"documented": netbird.documented, "empty": netbird.empty, "acme": netbird.acme}
PATHS = {
    "netbird.identity_providers": PROVIDERS,
    "netbird.google-idp": GOOGLE,
    "netbird.azure-idp": AZURE,
    "netbird.okta-scim-idp": OKTA,
}
OPERATIONS = {(it.method, it.path): it for it in operations("netbird", resources.document("netbird"))}


@pytest.mark.parametrize("name", SCENARIOS)
def test_every_record_is_returned_and_obeys_its_schema(name: str) -> None:
    """The engine checks every response against the document."""
    server = MockServer(scenario=name, services=["netbird", "scim"])

    def got(target: str) -> Any:
        answer = server.handle(Request("GET", target, Headers({"Authorization": "Token any"})))
        assert answer.status == 200, (target, answer.body)
        return answer.json()

    for collection, path in PATHS.items():
        records = SCENARIOS[name]().get(collection, {})
        assert [str(it["id"]) for it in got(path)] == list(records)
        for key in records:
            assert str(got(f"{path}/{key}")["id"]) == key
            if path != PROVIDERS:
                assert isinstance(got(f"{path}/{key}/logs"), list)


@pytest.mark.parametrize("name", SCENARIOS)
def test_every_record_could_have_been_created(name: str) -> None:
    for collection, path in PATHS.items():
        operation = OPERATIONS["POST", path]
        for record in SCENARIOS[name]().get(collection, {}).values():
            sent = {field: record[field] for field in accepted_members(operation) if field in record}
            assert operation.body is not None
            validator = operation.body.closed[JSON_TYPE]
            assert validator is not None
            assert validator.valid(sent), (collection, validator.undescribed(sent))


def accepted_members(operation: Operation) -> set[str]:
    """Returns the members of the request body of an operation."""
    document = resources.document("netbird")
    schema = operation.definition["requestBody"]["content"][JSON_TYPE]["schema"]
    return set(document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]["properties"])
