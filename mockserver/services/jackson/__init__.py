"""BoxyHQ Jackson's directory sync: the 7 operations of its page and 5 more of the product.

Where to find what:

- `directories`: the operations on directories, the connections between an identity provider and a tenant's product
- `members`: the operations on users and groups; `events`: the webhook events, and the operation that lists them
- `scope`: the tenant and product whose users, groups or events a query asks for
- `provisioning`: the users and groups that an identity provider pushes over SCIM
- `dialect`: credentials and error bodies
"""

from __future__ import annotations

from mockserver.engine.service import Service
from mockserver.services.jackson import dialect, directories, events, members, provisioning

SERVICE = Service(
    name="jackson",
    handlers={**directories.HANDLERS, **members.HANDLERS, **events.HANDLERS},
    collections=(directories.COLLECTION,),
    credential=dialect.credential,
    problem=dialect.problem,
    example_query="?tenant=boxyhq&product=jackson",
)

SCIM_MOUNT = provisioning.MOUNT
