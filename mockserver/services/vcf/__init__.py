"""VMware Cloud Foundation's identity-provider management: the 10 operations of its page, and logging in.

`providers`, `sources`, `sync_client`, `prechecks` and `logins` hold the operations; `kinds` turns what a request
specifies into what an answer shows; `provisioning` lets Okta push users and groups over SCIM; `dialect` is how the API
authenticates and refuses.
"""

from __future__ import annotations

from mockserver.engine.service import Service
from mockserver.services.vcf import dialect, logins, prechecks, providers, provisioning, sources, sync_client

SERVICE = Service(
    name="vcf",
    handlers={
        **providers.HANDLERS,
        **sources.HANDLERS,
        **sync_client.HANDLERS,
        **prechecks.HANDLERS,
        **logins.HANDLERS,
    },
    collections=(*providers.COLLECTIONS, *prechecks.COLLECTIONS, *logins.COLLECTIONS),
    credential=dialect.credential,
    issued=logins.issued,
    problem=dialect.problem,
)

SCIM_MOUNT = provisioning.MOUNT
