"""NetBird's identity-provider management: the 26 operations of its two pages.

Where to find what:

- `identity_providers`: the operations of `/api/identity-providers`
- `integrations`: the operations of `/api/integrations`, alike for Google, Azure and Okta
- `synchronisation`: the simulated directories that Google and Azure integrations read, and the logs
- `provisioning`: the users and groups that Okta pushes over SCIM
- `dialect`: credentials and error bodies
"""

from __future__ import annotations

from mockserver.engine.service import Service
from mockserver.services.netbird import dialect, identity_providers, integrations, provisioning, synchronisation

SERVICE = Service(
    name="netbird",
    handlers={**identity_providers.HANDLERS, **integrations.HANDLERS},
    collections=(identity_providers.COLLECTION, *integrations.COLLECTIONS, *synchronisation.COLLECTIONS),
    credential=dialect.credential,
    problem=dialect.problem,
    media_suffix="; charset=UTF-8",
)

SCIM_MOUNT = provisioning.MOUNT
