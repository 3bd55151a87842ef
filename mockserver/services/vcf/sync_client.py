"""`/v1/identity-providers/{id}/sync-client`: the token with which Okta pushes users and groups."""

from __future__ import annotations

from mockserver.core import tokens
from mockserver.core.clock import NANOSECONDS
from mockserver.core.messages import Json
from mockserver.engine.service import Call
from mockserver.services.vcf import kinds, providers
from mockserver.services.vcf.dialect import conflict
from mockserver.state.store import Record


def generate(call: Call) -> Json:
    """Issues a token for an Okta provider; the previous one stops working.

    In spite of its name, `expireIn` is an instant: the second since 1970 at which the token expires.
    """
    record = providers.requested(call)
    if record["shown"]["type"] != kinds.BROKER:
        raise conflict(
            f"Identity provider {record['id']} is not federated through the identity broker.",
            code="IDENTITY_PROVIDER_NOT_FEDERATED",
            arguments=[record["id"], record["shown"]["type"]],
            remedy="Name a provider of the type FEDERATED_IDP_BROKER.",
        )
    lifetime = call.query.get("syncClientTokenTTL") or record["shown"]["fedIdp"]["syncClientTokenTTL"]
    expires = call.now + lifetime * NANOSECONDS
    token = tokens.sign(_claims(record, expires // NANOSECONDS, call))
    client = {"token": token, "expires": expires}
    call.records.put(providers.NAME, record["id"], {**record, "sync_client": client})
    return {"expireIn": expires // NANOSECONDS, "token": token, "scimUrl": providers.scim_url(record, call)}


def _claims(record: Record, expires: int, call: Call) -> Record:
    """Returns the claims of the sample token on VMware's page, with the values of this provider and this server."""
    issued, token_id, client = call.now // NANOSECONDS, call.ids.uuid(), "syncClientId" + call.ids.base62(32)
    rule = {"resources": ["vrn:ug:*"], "actions": ["ug:*"], "conditions": None, "advice": None}
    return {
        "exp": expires,
        "iat": issued,
        "sub": call.ids.uuid(),
        "auth_time": issued,
        "scp": "admin",
        "aud": f"{call.base}/SAAS/auth/oauthtoken",
        "azp": client,
        "iss": f"{call.base}/acs/",
        "rules": {"expiry": issued + 1_800, "link": f"{call.base}/acs/rules/me", "rules": [rule]},
        "pid": token_id,
        "prn_type": "SERVICE",
        "prn": f"{client}@{record['tenant']}",
        "jti": token_id,
        "cid": client,
    }


HANDLERS = {"generateSyncClientToken": generate}
