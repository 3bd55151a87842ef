"""A local certificate authority, for clients that insist on https. The only importer of cryptography.

The authority is made once, in a folder of its own. A program trusts it by an environment variable, a machine by its
certificate store. Whoever has the key can pass for any host with those who trust the authority, so only the owner can
read the key, and each installation makes its own. Certificates for the server are made when the server starts and are
not kept. The library is loaded when the first authority is opened, because most servers need none.
"""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey, EllipticCurvePublicKey

AUTHORITY_LIFE = timedelta(days=3650)
SERVER_LIFE = timedelta(days=397)
"""Some clients refuse certificates that live longer."""
SKEW = timedelta(days=1)
"""Certificates are good from this long ago: clocks of virtual machines lag."""

OTHERS = 0o077
"""The permissions of all but a file's owner."""

NAME = "idp-mockserver local authority"

_HOST = re.compile(r"[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?", re.IGNORECASE)


class Authority:
    """The authority in a folder. It is made where the folder has none; `now` is the current time.

    Raises ValueError where the folder can't be used, or its authority is damaged or about to expire, or others than its
    owner can read or write its key.
    """

    def __init__(self, folder: Path, now: datetime | None = None) -> None:
        self._now = now or datetime.now(UTC)
        self._bundle = folder / "authority-key.pem"
        self.certificate = folder / "authority.pem"
        """The file with the certificate that clients have to trust."""
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            if not self._bundle.exists():
                _write_private(self._bundle, _new_authority(self._now))
            self._key, self._root = _read(self._bundle.read_bytes())
            _write_public(self.certificate, _pem(self._root))
        except OSError as error:
            raise ValueError(f"can't keep a certificate authority in {folder}: {error.strerror}") from None
        except (ValueError, TypeError, IndexError):
            raise ValueError(f"{self._bundle} is damaged; remove {folder}, and trust the new authority") from None
        if os.name == "posix" and self._bundle.stat().st_mode & OTHERS:
            raise ValueError(
                f"others can use the key in {self._bundle}, and so pass for any host with those who trust it; "
                f"remove {folder}, and trust the new authority (or `chmod 600` the file, if nobody else has used it)"
            )
        if self._root.not_valid_after_utc < self._now + SERVER_LIFE:
            raise ValueError(f"the authority in {folder} is about to expire; remove it, and trust the new one")

    def issue(self, hosts: Iterable[str]) -> bytes:
        """Returns key and certificate, as PEM, of a server with these host names and addresses.

        Raises ValueError for a text that is neither.
        """
        from cryptography import x509
        from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

        key = _new_key()
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "idp-mockserver")])
        signer = x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key())
        certificate = (
            _builder(subject, self._root.subject, key.public_key(), self._now, SERVER_LIFE)
            .add_extension(x509.SubjectAlternativeName([_alternative(host) for host in hosts]), critical=False)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_usage(signs_certificates=False), critical=True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
            .add_extension(signer, critical=False)
        )
        return _bundle(key, certificate.sign(self._key, _digest()))


def _new_authority(now: datetime) -> bytes:
    """Returns key and certificate of a new authority, as PEM."""
    from cryptography import x509
    from cryptography.x509.oid import NameOID

    key = _new_key()
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    certificate = (
        _builder(subject, subject, key.public_key(), now, AUTHORITY_LIFE)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
    )
    return _bundle(key, certificate.sign(key, _digest()))


def _builder(
    subject: x509.Name, issuer: x509.Name, key: EllipticCurvePublicKey, now: datetime, life: timedelta
) -> x509.CertificateBuilder:
    from cryptography import x509

    builder = x509.CertificateBuilder(issuer, subject, key, x509.random_serial_number(), now - SKEW, now + life)
    return builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)


def _usage(signs_certificates: bool) -> x509.KeyUsage:
    from cryptography import x509

    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _alternative(host: str) -> x509.GeneralName:
    from cryptography import x509

    try:
        return x509.IPAddress(ip_address(host))
    except ValueError:
        if not _HOST.fullmatch(host):
            raise ValueError(f"{host!r} is no host name") from None
        return x509.DNSName(host.lower())


def _new_key() -> EllipticCurvePrivateKey:
    from cryptography.hazmat.primitives.asymmetric import ec

    return ec.generate_private_key(ec.SECP256R1())


def _digest() -> hashes.SHA256:
    from cryptography.hazmat.primitives import hashes

    return hashes.SHA256()


def _pem(certificate: x509.Certificate) -> bytes:
    from cryptography.hazmat.primitives.serialization import Encoding

    return certificate.public_bytes(Encoding.PEM)


def _bundle(key: EllipticCurvePrivateKey, certificate: x509.Certificate) -> bytes:
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()) + _pem(certificate)


def _read(bundle: bytes) -> tuple[EllipticCurvePrivateKey, x509.Certificate]:
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    key = load_pem_private_key(bundle, None)
    if not isinstance(key, EllipticCurvePrivateKey):
        raise TypeError("not a key of ours")
    return key, x509.load_pem_x509_certificate(bundle)


def _write_private(path: Path, content: bytes) -> None:
    """Writes a file that only the owner can read, whole or not at all. A file that exists by then stays."""
    draft = _draft(path.parent, content)
    try:
        os.link(draft, path)
    except FileExistsError:
        return
    finally:
        os.unlink(draft)


def _write_public(path: Path, content: bytes) -> None:
    """Writes a file that everybody can read, unless it is there. No reader ever sees a part of it."""
    if not path.exists() or path.read_bytes() != content:
        draft = _draft(path.parent, content)
        os.chmod(draft, 0o644)
        os.replace(draft, path)


def _draft(folder: Path, content: bytes) -> str:
    handle, path = tempfile.mkstemp(dir=folder)  # of mode 0600
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    return path
