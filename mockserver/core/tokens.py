"""JSON Web Tokens, signed with RS256 (RFC 7515, 7519). The only importer of joserfc.

There is one key, the same in every world of every server, so equal requests give equal tokens. It is no secret and
stands nowhere as one: its primes are the first two suitable numbers after the digests of a sentence that says so, and
whoever reads this can compute it. The library is loaded when the first token is signed or read, not when the server
starts.
"""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Mapping
from functools import cache
from hashlib import blake2b, sha512
from typing import TYPE_CHECKING

from mockserver.core.messages import Json

if TYPE_CHECKING:
    from joserfc.jwk import RSAKey

SENTENCE = "the public signing key of idp-mockserver: everybody can compute it, so it protects nothing"
DISTANCES = {"p": 606, "q": 1008}
"""How far after its digest each prime lies; found once by searching."""

EXPONENT = 65537
KEY_ID = "idp-mockserver-public"
ALGORITHM = "RS256"


def sign(claims: Mapping[str, Json]) -> str:
    """The token that states these claims, in their order."""
    from joserfc import jwt

    return jwt.encode({"alg": ALGORITHM, "typ": "JWT", "kid": KEY_ID}, dict(claims), _key(), [ALGORITHM])


def verify(token: str) -> dict[str, Json] | None:
    """The claims of a token that was signed here; None for any other text. Whether it has expired is for the caller."""
    from joserfc import jwt
    from joserfc.errors import JoseError

    try:
        return dict(jwt.decode(token, _key(), [ALGORITHM]).claims)
    except (JoseError, ValueError):
        return None


def digest(token: str) -> str:
    """What a world keeps of a token that it issued: enough to know it again, not enough to use it."""
    return blake2b(token.encode(), digest_size=16).hexdigest()


def key_set() -> dict[str, Json]:
    """The public key as a JSON Web Key Set (RFC 7517)."""
    modulus = _prime("p") * _prime("q")
    public = {"kty": "RSA", "use": "sig", "alg": ALGORITHM, "kid": KEY_ID}
    return {"keys": [{**public, "n": _base64(modulus), "e": _base64(EXPONENT)}]}


@cache
def _key() -> RSAKey:
    from joserfc.jwk import RSAKey

    p, q = _prime("p"), _prime("q")
    d = pow(EXPONENT, -1, (p - 1) * (q - 1))
    factors = {"p": p, "q": q, "dp": d % (p - 1), "dq": d % (q - 1), "qi": pow(q, -1, p)}
    numbers = {"n": p * q, "e": EXPONENT, "d": d, **factors}
    jwk: dict[str, str | list[str]] = {name: _base64(number) for name, number in numbers.items()}
    return RSAKey.import_key({"kty": "RSA", **jwk})


def _prime(name: str) -> int:
    """1024 bits of the sentence's digests, the first two and the last set, and the way to the next suitable prime."""
    digests = b"".join(sha512(f"{SENTENCE} {name} {part}".encode()).digest() for part in range(2))
    return (int.from_bytes(digests) | 3 << 1022 | 1) + DISTANCES[name]


def _base64(number: int) -> str:
    """Base64urlUInt of RFC 7518."""
    return urlsafe_b64encode(number.to_bytes((number.bit_length() + 7) // 8)).rstrip(b"=").decode()
