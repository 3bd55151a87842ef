"""Invitations: open for a week, then moved once, by the invited person, by who takes it back, or by time.

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
"""The state that each response leads to, and what `accepted` then says."""


def create_invitation(call: Call) -> Json:
    """The key goes to the invited person only, by mail."""
    key = call.ids.base62(36)
    invitation = crud.add(
        INVITATION,
        call,
        call.body,
        expiration=views.instant(call.now + views.LIFETIME),
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
    """Accepts or declines an open invitation; only an active organization can be joined."""
    invitation = crud.named(INVITATION, call)
    if call.path["action"] == "accept":
        _check_joinable(call, invitation)
    return views.invitation(call, _respond(call, invitation, call.path["action"]))


def revoke_invitation(call: Call) -> Json:
    """Takes an open invitation back."""
    invitation = crud.named(INVITATION, call)
    now = views.instant(call.now)
    return views.invitation(call, _move(call, invitation, "Revoked", revokedAt=now, responseReceivedAt=now))


def get_invitation_by_key(call: Call) -> Json:
    """What the invited person sees."""
    return _as_invited(call, _by_key(call))


def decline_invitation_by_key(call: Call) -> Json:
    """The key is enough to decline."""
    return _as_invited(call, _respond(call, _by_key(call), "decline"))


def initiate_invitation_acceptance(call: Call) -> Json:
    """Accepting wants a login first: the answer is the way into it. The invitation stays open."""
    invitation = _by_key(call)
    _check_open(call, invitation)
    organization = _check_joinable(call, invitation)
    facts = {"flow": "invitation", "invitationId": invitation["id"]}
    return login.interactive(call, organization, facts)


def _respond(call: Call, invitation: Record, response: str) -> Record:
    state, accepted = RESPONSES[response]
    return _move(call, invitation, state, accepted=accepted, responseReceivedAt=views.instant(call.now))


def _move(call: Call, invitation: Record, state: str, **changes: Json) -> Record:
    """The only way out of Open."""
    _check_open(call, invitation)
    return crud.replace(INVITATION, call, invitation, {"state": state, **changes})


def _check_open(call: Call, invitation: Record) -> None:
    state = views.state_of(call, invitation)
    if state != "Open":
        raise Refused(f"the invitation is not open: its state is {state}")


def _check_joinable(call: Call, invitation: Record) -> Record:
    organization = _organization(call, invitation)
    if not organization["active"]:
        raise Refused("toOrganizationId: the organization is not active")
    return organization


def _by_key(call: Call) -> Record:
    invitation = call.records.find(INVITATION.collection, "key", call.path["key"])
    if invitation is None:
        raise NotFound(INVITATION.noun, call.path["key"])
    return invitation


def _organization(call: Call, invitation: Record) -> Record:
    organization = call.records.get(ORGANIZATION.collection, invitation["toOrganizationId"])
    if organization is None:
        raise NotFound(ORGANIZATION.noun, invitation["toOrganizationId"])
    return organization


def _as_invited(call: Call, invitation: Record) -> Json:
    organization = _organization(call, invitation)
    shown = views.invitation(call, invitation)
    return {
        "fromIdentity": _party(call, invitation["fromIdentityId"]),
        "targetIdentity": _party(call, invitation["targetUserIdentityId"]),
        "invitedEmailAddress": invitation["invitedEmailAddress"],
        "toOrganizationName": organization["name"],
        "toOrganizationLabel": organization["label"],
        "expiration": shown["expiration"],
        "accepted": invitation["accepted"],
        "state": shown["state"],
        "toTenantName": organization["name"],
        "toTenantLabel": organization["label"],
    }


def _party(call: Call, key: str) -> Json:
    identity = access.find_identity(call.records, key)
    if identity is None:
        raise NotFound("identity", key)
    return {"name": views.full_name(identity), "email": views.email(identity)}
