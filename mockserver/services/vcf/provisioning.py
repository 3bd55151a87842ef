"""Where Okta pushes users and groups: the sync client's token selects the provider that they belong to."""

from __future__ import annotations

from collections.abc import Sequence

from mockserver.engine.service import Call
from mockserver.scim.mounts import Event, ScimMount
from mockserver.services.vcf.providers import NAME, directory_key


def directory(call: Call, token: str | None) -> str | None:
    """The directory of the provider whose token this is, if the path names its tenant and the token has not expired.

    An administrator of this server gets the directory of the tenant's first provider.
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
    """Nothing: no answer of the identity-provider API depends on who was pushed."""


MOUNT = ScimMount("/usergroup/t/{tenant}/scim/v2", directory, changed)
