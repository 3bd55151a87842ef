"""The life of a record of every kind, over HTTP: created, found, listed, changed, switched, deleted, gone."""

from __future__ import annotations

import pytest

from contract_tests.netfoundry.bodies import KINDS, Kind
from contract_tests.netfoundry.deployment import Deployment


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_a_record_lives_from_its_creation_to_its_deletion(deployment: Deployment, kind: Kind) -> None:
    answer = deployment.call("POST", kind.path, kind.create(deployment))
    record = answer.get("apiAccountIdentity", answer)
    path = f"{kind.path}/{record['id']}"
    assert deployment.call("GET", path) == record
    assert record in deployment.call("GET", kind.path)
    if kind.update:
        method, changes = kind.update
        assert changes.items() <= deployment.call(method, path, changes).items()
    if kind.switches:
        assert deployment.call("PUT", f"{path}/deactivate")["active"] is False
        assert deployment.call("PUT", f"{path}/activate")["active"] is True
    if kind.deletes:
        assert deployment.call("DELETE", path)["deletedAt"] is not None
        assert deployment.send("GET", path).status == deployment.send("DELETE", path).status == 404
        assert record["id"] not in [it["id"] for it in deployment.call("GET", kind.path)]


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_nobody_creates_or_reads_anything(deployment: Deployment, kind: Kind) -> None:
    nobody = Deployment(deployment.url, None)
    assert nobody.send("POST", kind.path, {}).status == 401
    assert nobody.send("GET", kind.path).status == 401


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_a_reader_reads_and_creates_nothing(deployment: Deployment, kind: Kind) -> None:
    reader = Deployment(deployment.url, "Bearer mock-reader")
    assert reader.send("GET", kind.path).status == 200
    assert reader.send("POST", kind.path, kind.create(deployment)).status == 403
