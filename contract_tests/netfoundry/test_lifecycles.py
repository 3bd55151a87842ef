"""The life of a record of every kind: created, found, listed, changed, switched, deleted, gone."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ..framework.deployment import Deployment
from .api import Api
from .bodies import KINDS, Kind

pytestmark = [pytest.mark.proves("lifecycle"), pytest.mark.service("netfoundry")]


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_a_record_lives_from_its_creation_to_its_deletion(
    deployment_of: Callable[[str], Deployment], kind: Kind
) -> None:
    api = Api(deployment_of("netfoundry").fresh())
    answer = api.call("POST", kind.path, kind.create(api))
    record = answer.get("apiAccountIdentity", answer)
    path = f"{kind.path}/{record['id']}"
    assert api.call("GET", path) == record
    assert record in api.call("GET", kind.path)
    if kind.update:
        method, changes = kind.update
        assert changes.items() <= api.call(method, path, changes).items()
    if kind.switches:
        assert api.call("PUT", f"{path}/deactivate")["active"] is False
        assert api.call("PUT", f"{path}/activate")["active"] is True
    if kind.deletes:
        assert api.call("DELETE", path)["deletedAt"] is not None
        assert api.send("GET", path).status_code == api.send("DELETE", path).status_code == 404
        assert record["id"] not in [it["id"] for it in api.call("GET", kind.path)]
