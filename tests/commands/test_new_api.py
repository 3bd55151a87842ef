"""`mockserver new-api` writes a package, and refuses names and places that can't be."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.commands.main import main
from mockserver.commands.new_api import write
from mockserver.registry.entries import is_name


def test_the_package_is_written_under_its_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["new-api", "acme-iam2", "--into", str(tmp_path)]) == 0
    written = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()}
    assert {
        "acme-iam2/pyproject.toml",
        "acme-iam2/README.md",
        "acme-iam2/acme_iam2/__init__.py",
        "acme-iam2/acme_iam2/openapi/acme-iam2.yaml",
        "acme-iam2/acme_iam2/fixtures/documented/acme-iam2.json",
        "acme-iam2/acme_iam2/fixtures/empty/acme-iam2.json",
        "acme-iam2/acme_iam2/documented/acme-iam2.json",
        "acme-iam2/tests/test_teams.py",
    } <= written
    assert f"pip install -e {tmp_path / 'acme-iam2'}" in capsys.readouterr().out


def test_nothing_is_left_of_the_skeletons_own_name(tmp_path: Path) -> None:
    package = write("zeta", tmp_path)
    for path in package.rglob("*"):
        text = f"{path.relative_to(package)} {path.read_text() if path.is_file() else ''}"
        assert not any(word in text.lower() for word in ("new-api", "new_api", "new api")), path


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("Acme", "is no name"),
        ("acme_iam", "is no name"),
        ("-acme", "is no name"),
        ("2acme", "is no name"),
        ("acme--iam", "is no name"),
        ("../acme", "is no name"),
        ("", "is no name"),
        ("a" * 41, "is no name"),
        ("netbird", "the name netbird is taken: there are jackson, netbird"),
        ("control", "the name control is taken"),
        ("json", "would hide the Python module json"),
        ("class", "would hide the Python module class"),
        ("mockserver", "would hide the Python module mockserver"),
    ],
)
def test_a_name_that_can_not_be_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, fault: str
) -> None:
    assert main(["new-api", "--into", str(tmp_path), "--", name]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("mockserver new-api: ")
    assert fault in line
    assert list(tmp_path.iterdir()) == []


def test_an_existing_folder_is_left_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "acme").mkdir()
    assert main(["new-api", "acme", "--into", str(tmp_path)]) == 2
    assert f"{tmp_path / 'acme'} exists already" in capsys.readouterr().err
    assert list((tmp_path / "acme").iterdir()) == []


def test_a_place_that_is_none_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["new-api", "acme", "--into", str(tmp_path / "nowhere")]) == 2
    assert "there is no folder" in capsys.readouterr().err
    (tmp_path / "file").write_text("")
    assert main(["new-api", "acme", "--into", str(tmp_path / "file")]) == 2


@given(st.text(alphabet="ab1-_A. \n", max_size=45))
def test_a_name_is_words_of_letters_and_digits_joined_by_hyphens(text: str) -> None:
    words = text.split("-")
    good = all(word.isalnum() and word.islower() | word.isdigit() for word in words) and text[0].isalpha()
    assert is_name(text) is (good and len(text) <= 40)
