"""`/v1/identity-broker/prechecks`: whether the identity broker is ready for a federated provider.

The record of the deployment names the result; the world's option `vcf.precheck` (SUCCESS, WARNING or FAILURE)
overrides it.
"""

from __future__ import annotations

from mockserver.core.messages import Json
from mockserver.engine.options import WorldOption
from mockserver.engine.service import Call
from mockserver.services.vcf.providers import deployment
from mockserver.state.store import Collection

RESULTS = Collection("vcf.prechecks")
"""Key: the status; record: the whole response body."""
COLLECTIONS = (RESULTS,)

RESULT = WorldOption("precheck", ("SUCCESS", "WARNING", "FAILURE"))
"""The result of every precheck in the world."""


def run(call: Call) -> Json:
    """Returns the result of the check; 200 for a warning and for a failure too."""
    for status in (call.options.get("vcf.precheck", ""), deployment(call)["precheck"]):
        result = call.records.get(RESULTS.name, status)
        if result is not None:
            return result
    return {"status": "SUCCESS"}


HANDLERS = {"getIdentityPrecheckResult": run}
