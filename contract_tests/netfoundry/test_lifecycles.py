"""Lifecycles: a resource of every type is created, read, listed, updated, deactivated, deleted and gone."""

from __future__ import annotations

import pytest

from ..framework.session import OpenSession
from .identity_api import IdentityApi
from .resources import RESOURCES, NetFoundryResource

pytestmark = [pytest.mark.proves("lifecycle"), pytest.mark.service("netfoundry")]


@pytest.mark.parametrize("resource", RESOURCES.values(), ids=RESOURCES)
def test_a_resource_can_be_read_and_changed_until_it_is_deleted(
    open_session: OpenSession, resource: NetFoundryResource
) -> None:
    api = IdentityApi(open_session("netfoundry"))
    created = api.call("POST", resource.path, resource.new_body(api))
    record = created.get("apiAccountIdentity", created)
    path = f"{resource.path}/{record['id']}"
    assert api.call("GET", path) == record
    assert record in api.call("GET", resource.path)
    if resource.update:
        method, changes = resource.update
        assert changes.items() <= api.call(method, path, changes).items()
    if resource.switches:
        assert api.call("PUT", f"{path}/deactivate")["active"] is False
        assert api.call("PUT", f"{path}/activate")["active"] is True
    if resource.deletes:
        assert api.call("DELETE", path)["deletedAt"] is not None
        assert api.send("GET", path).status_code == api.send("DELETE", path).status_code == 404
        assert record["id"] not in [it["id"] for it in api.call("GET", resource.path)]
