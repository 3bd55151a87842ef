"""The scenarios of NetFoundry's identity service.

`documented` has the data of the vendor's examples, `empty` has none but the callers, and `acme` is a fictitious
customer with three organizations.
"""

from __future__ import annotations

from mockserver.generate.netfoundry.acme import acme
from mockserver.generate.netfoundry.documented import documented
from mockserver.generate.netfoundry.parts import ROLES, Collections, collected, operator, principals

__all__ = ["acme", "documented", "empty"]


def empty() -> Collections:
    """Returns the two callers alone: operators of the service, who are in no list."""
    administrator, reader = operator("Ada", "Administrator"), operator("Rita", "Reader")
    people = {"netfoundry.operator": [administrator, reader]}
    return collected(people | ROLES | principals(administrator["id"], reader["id"]))


SCENARIOS = {"documented": documented, "empty": empty, "acme": acme}
