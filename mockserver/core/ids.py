"""Identifiers, made from a stream of bytes that a seed and a counter determine.

Equal seeds and equal requests give equal ids. The counter is a part of the world's state, so a refused request, whose
transaction is dropped, uses up no ids.
"""

from __future__ import annotations

import zlib
from base64 import urlsafe_b64encode
from collections.abc import Callable
from hashlib import blake2b

BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

_TO_BASE62 = bytes(BASE62.encode()[byte % 62] for byte in range(256))
_TO_BASE32HEX = bytes(b"0123456789abcdefghijklmnopqrstuv"[byte % 32] for byte in range(256))


class Ids:
    """Makes identifiers in the formats of the APIs. `draw(n)` returns the next n bytes (at most 64) of the stream."""

    __slots__ = ("draw",)

    def __init__(self, draw: Callable[[int], bytes]) -> None:
        self.draw = draw

    def uuid(self) -> str:
        """Returns a version 4 UUID."""
        number = int.from_bytes(self.draw(16))
        number = number & ~(0xF << 76) & ~(0x3 << 62) | 0x4 << 76 | 0x2 << 62
        text = f"{number:032x}"
        return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"

    def hex(self, digits: int) -> str:
        """Returns `digits` lower-case hexadecimal digits, at most 128."""
        return self.draw((digits + 1) // 2).hex()[:digits]

    def xid(self) -> str:
        """Returns 20 characters of 0-9a-v, as rs/xid writes its 12 bytes: the last character has only one bit."""
        drawn = self.draw(20)
        return drawn[:19].translate(_TO_BASE32HEX).decode() + ("g" if drawn[19] & 1 else "0")

    def base62(self, length: int) -> str:
        """Returns `length` characters of 0-9A-Za-z, at most 64."""
        return self.draw(length).translate(_TO_BASE62).decode()

    def base64url(self, length: int) -> str:
        """Returns `length` characters of the URL-safe base64 alphabet, at most 85."""
        return urlsafe_b64encode(self.draw((length * 3 + 3) // 4)).decode()[:length]

    def checksummed(self, prefix: str) -> str:
        """Returns a token as NetBird makes it: prefix, 30 base62 characters, and 6 base62 digits of their CRC-32."""
        secret = self.base62(30)
        return prefix + secret + checksum62(secret)


def checksum62(secret: str) -> str:
    """Returns the CRC-32 of a secret as six base62 digits, padded with zeros."""
    number, digits = zlib.crc32(secret.encode()), ""
    for _ in range(6):
        number, digit = divmod(number, 62)
        digits = BASE62[digit] + digits
    return digits


def stream(seed: int, position: int, size: int) -> bytes:
    """Returns the bytes at one position of a seed's stream."""
    return blake2b(position.to_bytes(8), digest_size=size, key=seed.to_bytes(16, signed=True)).digest()
