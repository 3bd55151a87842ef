"""Ids have the formats of the APIs and depend on nothing but the seed."""

from __future__ import annotations

import re
import zlib
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.core.ids import BASE62, Ids, checksum62, stream

SEEDS = st.integers(-(2**63), 2**63 - 1)


class Drawn:
    """Returns a maker of ids at the beginning of a seed's stream."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.position = 0
        self.ids = Ids(self.draw)

    def draw(self, size: int) -> bytes:
        self.position += 1
        return stream(self.seed, self.position, size)


@given(SEEDS)
def test_a_uuid_is_of_version_4(seed: int) -> None:
    text = Drawn(seed).ids.uuid()
    uuid = UUID(text)
    assert (str(uuid), uuid.version, uuid.variant) == (text, 4, "specified in RFC 4122")


@given(SEEDS, st.integers(1, 128))
def test_hex_has_the_wanted_number_of_digits(seed: int, digits: int) -> None:
    assert re.fullmatch(f"[0-9a-f]{{{digits}}}", Drawn(seed).ids.hex(digits))


@given(SEEDS)
def test_an_xid_is_twelve_bytes_in_base_32_hex(seed: int) -> None:
    text = Drawn(seed).ids.xid()
    assert re.fullmatch("[0-9a-v]{19}[0g]", text)


@given(SEEDS, st.integers(1, 64))
def test_base62_has_only_letters_and_digits(seed: int, length: int) -> None:
    text = Drawn(seed).ids.base62(length)
    assert len(text) == length
    assert set(text) <= set(BASE62)


@given(SEEDS, st.integers(1, 85))
def test_base64url_is_safe_in_a_url(seed: int, length: int) -> None:
    assert re.fullmatch(f"[0-9A-Za-z_-]{{{length}}}", Drawn(seed).ids.base64url(length))


@given(SEEDS)
def test_a_token_ends_with_the_checksum_of_its_secret(seed: int) -> None:
    token = Drawn(seed).ids.checksummed("nbs_")
    assert re.fullmatch("nbs_[0-9A-Za-z]{36}", token)
    assert token[-6:] == checksum62(token[4:34])


def test_the_documented_token_of_netbird_has_a_valid_checksum() -> None:
    sample = "nbs_pBmR9mwBpsJH03B0DGojHzhLTRndg90QGPsS"
    assert checksum62(sample[4:34]) == sample[34:]


@given(st.text(BASE62))
def test_a_checksum_is_the_crc_32_in_six_base62_digits(secret: str) -> None:
    number = 0
    for digit in checksum62(secret):
        number = number * 62 + BASE62.index(digit)
    assert len(checksum62(secret)) == 6
    assert number == zlib.crc32(secret.encode())


@pytest.mark.parametrize("shape", ["uuid", "xid"])
def test_equal_seeds_give_equal_ids_and_other_seeds_give_others(shape: str) -> None:
    first, again, other = Drawn(1), Drawn(1), Drawn(2)
    series = [[getattr(drawn.ids, shape)() for _ in range(100)] for drawn in (first, again, other)]
    assert series[0] == series[1]
    assert len({*series[0], *series[2]}) == 200
