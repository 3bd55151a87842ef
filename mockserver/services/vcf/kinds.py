"""From specification to answer: what of a request is kept and shown. Passwords and client secrets are dropped here.

- embedded source: `{name, type, domainNames, ldap}`
- ADFS: `{name, type: Microsoft ADFS, domainNames, ldap, oidc}`
- Okta: `{name, type: FEDERATED_IDP_BROKER, fedIdp}`
"""

from __future__ import annotations

from mockserver.core.messages import Json
from mockserver.state.store import Record

EMBEDDED = "Embedded"
ADFS = "Microsoft ADFS"
BROKER = "FEDERATED_IDP_BROKER"

SHOWN_TYPE = {"ActiveDirectory": ADFS, BROKER: BROKER}
"""The type that a request gives an external provider → the type that answers give it."""

HALF_A_YEAR = 15_552_000
"""How long a sync client token lives when nothing is said about it, in seconds."""


def source(spec: Record) -> Json:
    """An embedded identity source."""
    ldap = _ldap(spec["ldap"], spec["ldap"]["type"])
    if "certChain" in spec["ldap"]["sourceDetails"]:
        ldap["sourceDetails"]["certChain"] = spec["ldap"]["sourceDetails"]["certChain"]
    return {"name": spec["name"], "type": ldap["type"], "domainNames": [ldap["domainName"]], "ldap": ldap}


def external(spec: Record) -> Json:
    """An external provider, without id and status."""
    return _broker(spec) if spec["type"] == BROKER else _adfs(spec)


def domains(shown: Record) -> set[str]:
    """The domains that a provider or an embedded source claims, in lower case."""
    names = shown["fedIdp"]["directoryList"]["domains"] if "fedIdp" in shown else shown.get("domainNames", ())
    return {name.lower() for name in names}


def _adfs(spec: Record) -> Json:
    return {
        "name": spec["name"],
        "type": ADFS,
        "domainNames": [spec["ldap"]["domainName"]],
        "ldap": _ldap(spec["ldap"], "Oidc"),
        "oidc": _oidc(spec["oidc"]),
    }


def _broker(spec: Record) -> Json:
    federated = spec["fedIdpSpec"]
    directory = federated["directory"]
    return {
        "name": spec.get("name", federated["name"]),
        "type": BROKER,
        "fedIdp": {
            "name": federated["name"],
            "source": "Okta",
            "directoryList": {name: directory[name] for name in ("name", "defaultDomain", "domains")},
            "oidcInfo": _oidc(federated["oidcSpec"]),
            # JSON Schema takes 60.0 for an integer; answers say 60.
            "syncClientTokenTTL": int(federated.get("syncClientTokenTTL", HALF_A_YEAR)),
        },
    }


def _ldap(spec: Record, shown_type: str) -> Json:
    fields = ("domainName", "domainAlias", "username")
    details = {name: spec["sourceDetails"][name] for name in ("usersBaseDn", "groupsBaseDn", "serverEndpoints")}
    return {"type": shown_type, **{name: spec[name] for name in fields if name in spec}, "sourceDetails": details}


def _oidc(spec: Record) -> Json:
    return {name: spec[name] for name in ("clientId", "discoveryEndpoint")}
