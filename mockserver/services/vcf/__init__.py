"""VMware Cloud Foundation's identity-provider management: the 10 operations of its page, and logging in.

Where to find what:

- `providers`: the operations of `/v1/identity-providers`; `sources`: those of the embedded provider's identity sources
- `sync_client`: the token with which Okta pushes users and groups; `provisioning`: the directory that they go to
- `prechecks`: the operation of `/v1/identity-broker/prechecks`
- `logins`: the operations of `/v1/tokens`
- `kinds`: turns the specification in a request into the provider or source in a response
- `dialect`: credentials and error bodies
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
    options=(providers.JSON_BODIES, prechecks.RESULT),
)

SCIM_MOUNT = provisioning.MOUNT
