"""Turns the specification in a request into the provider or source that is stored and that responses contain.

Passwords and client secrets end here: nothing stores them. The results have these forms:

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

DEFAULT_TOKEN_LIFETIME = 15_552_000
"""How long a sync client token is valid by default, in seconds: half a year."""


def source(spec: Record) -> Json:
    """Returns an identity source of the embedded provider."""
    ldap = _ldap(spec["ldap"], spec["ldap"]["type"])
    if "certChain" in spec["ldap"]["sourceDetails"]:
        ldap["sourceDetails"]["certChain"] = spec["ldap"]["sourceDetails"]["certChain"]
    return {"name": spec["name"], "type": ldap["type"], "domainNames": [ldap["domainName"]], "ldap": ldap}


def external(spec: Record) -> Json:
    """Returns an external provider, without id and status."""
    return _broker(spec) if spec["type"] == BROKER else _adfs(spec)


def domains(owner: Record) -> set[str]:
    """Returns the domains of a provider or a source, in lower case."""
    names = owner["fedIdp"]["directoryList"]["domains"] if "fedIdp" in owner else owner.get("domainNames", ())
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
            # JSON Schema accepts 60.0 as an integer; responses contain 60.
            "syncClientTokenTTL": int(federated.get("syncClientTokenTTL", DEFAULT_TOKEN_LIFETIME)),
        },
    }


def _ldap(spec: Record, response_type: str) -> Json:
    fields = ("domainName", "domainAlias", "username")
    details = {name: spec["sourceDetails"][name] for name in ("usersBaseDn", "groupsBaseDn", "serverEndpoints")}
    return {"type": response_type, **{name: spec[name] for name in fields if name in spec}, "sourceDetails": details}


def _oidc(spec: Record) -> Json:
    return {name: spec[name] for name in ("clientId", "discoveryEndpoint")}
