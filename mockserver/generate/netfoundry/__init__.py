"""The identity service's scenarios: `documented` (the vendor page's examples), `empty`, and `acme` (a made-up customer)

with three organizations.
"""

from __future__ import annotations

from mockserver.generate.netfoundry.acme import acme
from mockserver.generate.netfoundry.documented import documented
from mockserver.generate.netfoundry.parts import ROLES, Collections, collected, operator, principals

__all__ = ["acme", "documented", "empty"]


def empty() -> Collections:
    """Nothing but who calls: operators of the service, whom no list shows."""
    administrator, reader = operator("Ada", "Administrator"), operator("Rita", "Reader")
    people = {"netfoundry.operator": [administrator, reader]}
    return collected(people | ROLES | principals(administrator["id"], reader["id"]))
