"""BoxyHQ Jackson's directory sync: the 7 operations of its page and 5 more of the product.

`directories` holds the connections to identity providers, `provisioning` what comes in over SCIM, `members` the users
and groups that came, `events` what webhooks are told, `scope` whose data a query means, `dialect` how Jackson
authenticates and refuses.
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
