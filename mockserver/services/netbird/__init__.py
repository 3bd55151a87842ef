"""NetBird's identity-provider management: the 26 operations of its two pages.

`identity_providers` and `integrations` hold the operations in the pages' order, `synchronisation` the simulated
directories' side of an integration, `provisioning` what comes in over SCIM, `dialect` how NetBird authenticates and
refuses.
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
