"""Invitations: an invitation is open for at most a week and leaves that state once.

Open ── accept ──▶ Accepted
  ├──── decline ─▶ Declined
  ├──── revoke ──▶ Revoked
  └──── a week ──▶ Expired
"""

from __future__ import annotations

from mockserver.core.messages import Json
from mockserver.core.problems import NotFound, Refused
from mockserver.engine.service import Call
from mockserver.services.netfoundry import access, crud, login, views
from mockserver.services.netfoundry.catalogue import INVITATION, ORGANIZATION
from mockserver.state.store import Record
from mockserver.worlds import mail

RESPONSES = {"accept": ("Accepted", True), "decline": ("Declined", False)}
"""Response of the invited person → the new state and the value of `accepted`."""


def create_invitation(call: Call) -> Json:
    """Creates an invitation and mails its key to the invited person. The response does not contain the key."""
    key = call.ids.base62(36)
    invitation = crud.add(
        INVITATION,
        call,
        call.body,
        expiration=views.instant(call.now + views.INVITATION_LIFETIME),
        state="Open",
        standing=False,
        key=key,
    )
    link = f"{call.body['invitationUrl'].rstrip('/')}/{key}"
    organization = _organization(call, invitation)
    text = f"You are invited to {organization['name']}. Accept or decline within 7 days: {link}"
    subject = f"Invitation to {organization['name']}"
    to, facts = invitation["invitedEmailAddress"], {"link": link, "key": key}
    mail.send(call.records, call.now, "netfoundry", to=to, subject=subject, text=text, facts=facts)
    return views.invitation(call, invitation)


def respond_to_invitation(call: Call) -> Json:
    """Accepts or declines an open invitation; 400 for accepting one to an inactive organization."""
    invitation = crud.requested(INVITATION, call)
    if call.path["action"] == "accept":
        _require_active_organization(call, invitation)
    return views.invitation(call, _respond(call, invitation, call.path["action"]))


def revoke_invitation(call: Call) -> Json:
    """Revokes an open invitation."""
    invitation = crud.requested(INVITATION, call)
    now = views.instant(call.now)
    return views.invitation(call, _close(call, invitation, "Revoked", revokedAt=now, responseReceivedAt=now))


def get_invitation_by_key(call: Call) -> Json:
    """Returns the invitation with this key, in the form for the invited person."""
    return _body_for_invited(call, _requested_by_key(call))


def decline_invitation_by_key(call: Call) -> Json:
    """Declines the open invitation with this key; no other credential is required."""
    return _body_for_invited(call, _respond(call, _requested_by_key(call), "decline"))


def initiate_invitation_acceptance(call: Call) -> Json:
    """Returns a token for the login that must precede accepting. The invitation stays open."""
    invitation = _requested_by_key(call)
    _require_open(call, invitation)
    organization = _require_active_organization(call, invitation)
    facts = {"flow": "invitation", "invitationId": invitation["id"]}
    return login.interactive(call, organization, facts)


def _respond(call: Call, invitation: Record, response: str) -> Record:
    state, accepted = RESPONSES[response]
    return _close(call, invitation, state, accepted=accepted, responseReceivedAt=views.instant(call.now))


def _close(call: Call, invitation: Record, state: str, **changes: Json) -> Record:
    """Returns the invitation in its new state. 400 unless it is open: this is the only transition out of Open."""
    _require_open(call, invitation)
    return crud.replace(INVITATION, call, invitation, {"state": state, **changes})


def _require_open(call: Call, invitation: Record) -> None:
    state = views.current_state(call, invitation)
    if state != "Open":
        raise Refused(f"the invitation is not open: its state is {state}")


def _require_active_organization(call: Call, invitation: Record) -> Record:
    organization = _organization(call, invitation)
    if not organization["active"]:
        raise Refused("toOrganizationId: the organization is not active")
    return organization


def _requested_by_key(call: Call) -> Record:
    invitation = call.records.find(INVITATION.collection, "key", call.path["key"])
    if invitation is None:
        raise NotFound(INVITATION.display_name, call.path["key"])
    return invitation


def _organization(call: Call, invitation: Record) -> Record:
    organization = call.records.get(ORGANIZATION.collection, invitation["toOrganizationId"])
    if organization is None:
        raise NotFound(ORGANIZATION.display_name, invitation["toOrganizationId"])
    return organization


def _body_for_invited(call: Call, invitation: Record) -> Json:
    organization = _organization(call, invitation)
    body = views.invitation(call, invitation)
    return {
        "fromIdentity": _party(call, invitation["fromIdentityId"]),
        "targetIdentity": _party(call, invitation["targetUserIdentityId"]),
        "invitedEmailAddress": invitation["invitedEmailAddress"],
        "toOrganizationName": organization["name"],
        "toOrganizationLabel": organization["label"],
        "expiration": body["expiration"],
        "accepted": invitation["accepted"],
        "state": body["state"],
        "toTenantName": organization["name"],
        "toTenantLabel": organization["label"],
    }


def _party(call: Call, key: str) -> Json:
    identity = access.find_identity(call.records, key)
    if identity is None:
        raise NotFound("identity", key)
    return {"name": views.full_name(identity), "email": views.email(identity)}
