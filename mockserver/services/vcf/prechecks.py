"""`/v1/identity-broker/prechecks`: whether the identity broker is ready for a federated provider.

The deployment's record says which result it is; the option `vcf.precheck` (SUCCESS, WARNING or FAILURE) overrules it.
"""

from __future__ import annotations

from mockserver.messages import Json
from mockserver.service import Call
from mockserver.services.vcf.providers import DEPLOYMENT
from mockserver.store import Collection

RESULTS = Collection("vcf.prechecks")
"""Key: the status; record: the whole answer."""
COLLECTIONS = (RESULTS,)


def run(call: Call) -> Json:
    """The result of the check, whatever it is, is 200."""
    deployment = call.records.get(DEPLOYMENT.name, "this") or {}
    chosen = str(call.options.get("vcf.precheck", "")).upper()
    return call.records.get(RESULTS.name, chosen) or call.records.get(RESULTS.name, deployment["precheck"])


HANDLERS = {"getIdentityPrecheckResult": run}
