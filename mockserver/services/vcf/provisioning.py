"""The users and groups that Okta pushes over SCIM: the sync client's token selects the provider that they belong to."""

from __future__ import annotations

from collections.abc import Sequence

from mockserver.engine.service import Call
from mockserver.scim.mounts import Event, ScimMount
from mockserver.services.vcf.providers import NAME, directory_key


def directory(call: Call, token: str | None) -> str | None:
    """Returns the directory of the provider with this token; None for an expired token or another tenant's path.

    An administrator of this server (token None) gets the directory of the tenant's first provider.
    """
    tenant = call.path["tenant"]
    if token is None:
        providers = call.records.matching(NAME, "tags", f"tenant {tenant}", limit=1)
        return directory_key(providers[0]["id"]) if providers else None
    provider = call.records.find(NAME, "sync_token", token)
    if provider is None or provider["tenant"] != tenant or provider["sync_client"]["expires"] <= call.now:
        return None
    return directory_key(provider["id"])


def changed(call: Call, key: str, events: Sequence[Event]) -> None:
    """Does nothing: no response of the identity-provider API depends on the pushed users and groups."""


MOUNT = ScimMount("/usergroup/t/{tenant}/scim/v2", directory, changed)
