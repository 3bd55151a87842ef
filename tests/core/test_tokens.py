"""Tokens are verified with the published key, equal claims give equal tokens, and a changed token is refused."""

from __future__ import annotations

import subprocess
import sys
from base64 import urlsafe_b64decode

import pytest
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicNumbers
from cryptography.hazmat.primitives.hashes import SHA256
from hypothesis import given
from hypothesis import strategies as st

from mockserver.core import tokens

NAMES = st.text(min_size=1).filter(lambda name: name not in ("aud", "iss", "sub", "exp", "nbf", "iat", "jti"))
CLAIMS = st.dictionaries(NAMES, st.integers(-(2**53), 2**53) | st.text())


def decoded(part: str) -> bytes:
    return urlsafe_b64decode(part + "=" * (-len(part) % 4))


@given(CLAIMS)
def test_a_signed_token_is_verified_to_the_same_claims(claims: dict[str, object]) -> None:
    assert tokens.verify(tokens.sign(claims)) == claims


def test_equal_claims_give_equal_tokens() -> None:
    assert tokens.sign({"iat": 1, "iss": "a"}) == tokens.sign({"iat": 1, "iss": "a"})


def test_the_published_key_verifies_the_signature() -> None:
    header, payload, signature = tokens.sign({"iss": "a"}).split(".")
    key = tokens.key_set()["keys"][0]
    numbers = RSAPublicNumbers(int.from_bytes(decoded(key["e"])), int.from_bytes(decoded(key["n"])))
    numbers.public_key().verify(decoded(signature), f"{header}.{payload}".encode(), PKCS1v15(), SHA256())


def test_the_published_key_has_2048_bits_and_no_private_part() -> None:
    key = tokens.key_set()["keys"][0]
    assert len(decoded(key["n"])) == 256
    assert key.keys() == {"kty", "use", "alg", "kid", "n", "e"}


@given(st.text())
def test_any_other_text_is_refused(text: str) -> None:
    assert tokens.verify(text) is None


@pytest.mark.parametrize("position", [0, 1, 2])
def test_a_token_with_a_changed_part_is_refused(position: int) -> None:
    parts = tokens.sign({"iss": "a"}).split(".")
    parts[position] = tokens.sign({"iss": "b"}).split(".")[position] if position else parts[position][:-4] + "AAAA"
    assert tokens.verify(".".join(parts)) is None


def test_an_unsigned_token_is_refused() -> None:
    assert tokens.verify("eyJhbGciOiJub25lIn0.e30.") is None


def test_the_library_is_not_loaded_before_the_first_token() -> None:
    script = "import sys, mockserver.core.tokens; sys.exit('joserfc' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
