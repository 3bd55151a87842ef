"""The local authority: made once, readable by its owner only, and its certificates name only the hosts asked for."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509

from mockserver.transports.tls.authority import Authority

NOW = datetime(2026, 11, 21, tzinfo=UTC)


def test_an_authority_is_made_once_even_when_many_need_it_at_the_same_time(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "down"
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: Authority(folder).certificate.read_bytes(), range(8)))
    assert len(set(made)) == 1
    assert Authority(folder).certificate.read_bytes() == made[0]
    assert sorted(path.name for path in folder.iterdir()) == ["authority-key.pem", "authority.pem"]


def test_only_its_owner_may_read_its_key(tmp_path: Path) -> None:
    folder = tmp_path / "tls"
    Authority(folder)
    assert (folder / "authority-key.pem").stat().st_mode & 0o777 == 0o600
    assert folder.stat().st_mode & 0o777 == 0o700
    assert b"PRIVATE" not in (folder / "authority.pem").read_bytes()


def test_a_certificate_is_for_these_names_and_addresses_and_can_not_sign_others(tmp_path: Path) -> None:
    issued = x509.load_pem_x509_certificate(Authority(tmp_path, NOW).issue(["API.netbird.io", "a_b.localhost", "::1"]))
    names = issued.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["api.netbird.io", "a_b.localhost"]
    assert names.get_values_for_type(x509.IPAddress) == [ip_address("::1")]
    assert not issued.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    assert issued.not_valid_before_utc < NOW < issued.not_valid_after_utc
    issued.verify_directly_issued_by(x509.load_pem_x509_certificate((tmp_path / "authority.pem").read_bytes()))


@pytest.mark.parametrize("name", ["https://api.netbird.io", "", "a b", "-", "ünï.example", "*.example.com", "a:1"])
def test_what_is_no_host_name_gets_no_certificate(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="is no host name"):
        Authority(tmp_path).issue([name])


def test_an_authority_that_ends_before_its_certificates_would_is_not_used(tmp_path: Path) -> None:
    Authority(tmp_path, NOW)
    Authority(tmp_path, NOW + timedelta(days=3200))
    with pytest.raises(ValueError, match="about to expire"):
        Authority(tmp_path, NOW + timedelta(days=3300))


@pytest.mark.parametrize("keep", [0, 100, 400])
def test_a_damaged_authority_is_not_used(tmp_path: Path, keep: int) -> None:
    Authority(tmp_path)
    path = tmp_path / "authority-key.pem"
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(ValueError, match="is damaged"):
        Authority(tmp_path)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o666])
def test_an_authority_whose_key_others_can_use_is_not_used(tmp_path: Path, mode: int) -> None:
    Authority(tmp_path)
    key = tmp_path / "authority-key.pem"
    key.chmod(mode)
    with pytest.raises(ValueError, match="others can use the key"):
        Authority(tmp_path)
    key.chmod(0o600)
    Authority(tmp_path)
