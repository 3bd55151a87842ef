"""NetFoundry's identity service: organizations, how people and programs log in to them, and what they may do there.

Where to find what:

- `operations`: the table of all operations, operationId → handler
- `catalogue`: the resources as data, as instances of the class in `resource`
- `crud`, `listing`: what all resources have in common: get, create, update, activate, delete; lists
- `organizations`, `default_roles`, `identities`, `api_accounts`, `invitations`, `support`: what only one resource does
- `login`: the tokens that logging in yields; `access`: who calls, and what each caller may do
- `views`: the JSON of each record in a response; `dialect`: credentials and error bodies
- `storage`: the collections of the store, with their indexes
"""

from __future__ import annotations

from mockserver.engine.service import Service
from mockserver.services.netfoundry import access, dialect, operations, storage

SERVICE = Service(
    name="netfoundry",
    handlers=operations.HANDLERS,
    collections=storage.COLLECTIONS,
    credential=dialect.credential,
    problem=dialect.problem,
    issued=access.issued,
    may=access.may,
)
