"""JSON Web Tokens (RFC 7519), signed with RS256. The only importer of joserfc.

The keys
--------
There is one key pair, RSA with 2048 bits. Every server and every world uses the same one:

    private half    signs the nfTokens and access tokens of NetFoundry, and the access tokens and sync client tokens of
                    VMware Cloud Foundation (`sign`)
    public half     is what programs verify these tokens with; `/.well-known/jwks.json` of NetFoundry and
                    `/_mock/jwks.json` publish it as a JSON Web Key Set (`key_set`)

The other signature that the mock makes, that of webhooks, is an HMAC with the secret of each directory: see
`worlds/deliveries.py`.

The key pair is derived, neither random nor stored. RS256 has no randomness of its own, so equal claims give equal
tokens on every server, and equal seeds and requests give equal bytes. The two primes lie shortly after two numbers that
are made from SHA-512 digests of `SENTENCE`. Their distances from these numbers were found by searching, once.

So the private half is public: whoever reads this page can compute it. It protects nothing, and no secret scanner finds
a key in this repository. A mock must never be trusted as an issuer, and a program that is tested with the mock still
verifies real signatures.

joserfc is imported when the first token is signed or verified, so that a server starts without waiting for it.
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
"""The distance of each prime from the number that `_prime` makes from the digests."""

EXPONENT = 65537
KEY_ID = "idp-mockserver-public"
ALGORITHM = "RS256"


def sign(claims: Mapping[str, Json]) -> str:
    """Returns a token with these claims, in this order."""
    from joserfc import jwt

    return jwt.encode({"alg": ALGORITHM, "typ": "JWT", "kid": KEY_ID}, dict(claims), _key(), [ALGORITHM])


def verify(token: str) -> dict[str, Json] | None:
    """Returns the claims of a token that `sign` made, expired or not; None for any other text."""
    from joserfc import jwt
    from joserfc.errors import JoseError

    try:
        return dict(jwt.decode(token, _key(), [ALGORITHM]).claims)
    except (JoseError, ValueError):
        return None


def digest(token: str) -> str:
    """Returns the digest of a token, by which a world recognizes tokens that it issued without keeping them."""
    return blake2b(token.encode(), digest_size=16).hexdigest()


def key_set() -> dict[str, Json]:
    """Returns the public key as a JSON Web Key Set (RFC 7517)."""
    modulus = _prime("p") * _prime("q")
    public = {"kty": "RSA", "use": "sig", "alg": ALGORITHM, "kid": KEY_ID}
    return {"keys": [{**public, "n": _base64(modulus), "e": _base64(EXPONENT)}]}


@cache
def _key() -> RSAKey:
    """Returns the key pair, computed once per process."""
    from joserfc.jwk import RSAKey

    p, q = _prime("p"), _prime("q")
    d = pow(EXPONENT, -1, (p - 1) * (q - 1))
    factors = {"p": p, "q": q, "dp": d % (p - 1), "dq": d % (q - 1), "qi": pow(q, -1, p)}
    numbers = {"n": p * q, "e": EXPONENT, "d": d, **factors}
    jwk: dict[str, str | list[str]] = {name: _base64(number) for name, number in numbers.items()}
    return RSAKey.import_key({"kty": "RSA", **jwk})


def _prime(name: str) -> int:
    """Returns a prime of 1024 bits: two digests of the sentence joined, with three bits set, plus the distance.

    The first two bits make the modulus have 2048 bits; the last bit makes the number odd.
    """
    digests = b"".join(sha512(f"{SENTENCE} {name} {part}".encode()).digest() for part in range(2))
    return (int.from_bytes(digests) | 3 << 1022 | 1) + DISTANCES[name]


def _base64(number: int) -> str:
    """Returns a number as Base64urlUInt of RFC 7518."""
    return urlsafe_b64encode(number.to_bytes((number.bit_length() + 7) // 8)).rstrip(b"=").decode()
