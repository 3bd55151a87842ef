"""How an API takes its credential, as the security scheme of its OpenAPI document says."""

from __future__ import annotations

from mockserver.documents.document import Document


def credential_headers(document: Document, credential: str) -> dict[str, str]:
    """Returns the header that carries a credential by the first scheme of the document's `security`; empty without one.

    An `apiKey` scheme puts the credential into the header that it names, after the word of its extension `x-scheme`
    where it has one; any other scheme puts it into `Authorization`, after the scheme's word or `Bearer`.

    Raises ValueError for a credential that is not sent in a header, and for a scheme that is not described.
    """
    requirements = document.get("security") or [{}]
    name = next(iter(requirements[0]), None)
    if name is None:
        return {}
    scheme = document.get("components", {}).get("securitySchemes", {}).get(name)
    if scheme is None:
        raise ValueError(f"`security` names {name!r}, which `components.securitySchemes` does not describe")
    if scheme["type"] != "apiKey":
        return {"Authorization": f"{scheme.get('scheme', 'bearer').capitalize()} {credential}"}
    if scheme["in"] != "header":
        raise ValueError(f"the credential of {name!r} is sent in a {scheme['in']}; only headers are supported")
    word = scheme.get("x-scheme")
    return {scheme["name"]: f"{word} {credential}" if word else credential}
