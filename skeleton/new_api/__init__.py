"""New API: the operations of `openapi/new-api.yaml`.

`teams` holds the handlers, `dialect` how the API takes its credential and words its refusals.
"""

from __future__ import annotations

from mockserver import Service

from new_api import dialect, teams

SERVICE = Service(
    name="new-api",
    handlers={**teams.HANDLERS},
    collections=(teams.COLLECTION,),
    credential=dialect.credential,
    problem=dialect.problem,
)
