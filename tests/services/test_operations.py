"""Where the operations of an API are in the code."""

from __future__ import annotations

import pytest

from mockserver import MockServer
from mockserver.registry.resources import PACKAGE

OPERATIONS = MockServer().engine.operations


@pytest.mark.parametrize("service", OPERATIONS)
def test_every_operation_id_stands_literally_in_the_folder_of_its_service(service: str) -> None:
    folder = next(path for path in (PACKAGE / "services" / service, PACKAGE / service) if path.is_dir())
    code = "\n".join(path.read_text() for path in folder.rglob("*.py"))
    assert OPERATIONS[service]
    assert not [operation.id for operation in OPERATIONS[service] if f'"{operation.id}": ' not in code]
