"""`/v1/identity-broker/prechecks`: whether the identity broker is ready for a federated provider.

The deployment's record says which result it is; the option `vcf.precheck` (SUCCESS, WARNING or FAILURE) overrules it.
"""

from __future__ import annotations

from mockserver.core.messages import Json
from mockserver.engine.service import Call
from mockserver.services.vcf.providers import deployment
from mockserver.state.store import Collection

RESULTS = Collection("vcf.prechecks")
"""Key: the status; record: the whole answer."""
COLLECTIONS = (RESULTS,)


def run(call: Call) -> Json:
    """The result of the check, whatever it is, is 200."""
    for status in (str(call.options.get("vcf.precheck", "")).upper(), deployment(call)["precheck"]):
        result = call.records.get(RESULTS.name, status)
        if result is not None:
            return result
    return {"status": "SUCCESS"}


HANDLERS = {"getIdentityPrecheckResult": run}
