"""Which APIs are registered is read from installed packages, without importing them."""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path

import pytest

from mockserver.registry import resources
from mockserver.registry.entries import GROUP, RegistrationError, names, package_of, registered
from tests.registry.plugins import installed, run


def test_the_apis_of_this_project_are_registered_as_any_others_are() -> None:
    project = tomllib.loads((resources.PACKAGE.parent / "pyproject.toml").read_text())
    entries = {name: entry.value for name, entry in registered().items()}
    assert entries == project["project"]["entry-points"][GROUP]
    assert names() == sorted(entries)
    assert {package_of(entry) for entry in registered().values()} == {"idp-mockserver"}


def test_a_package_is_found_as_soon_as_it_is_on_the_import_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plugin = installed(tmp_path, "later-api")
    monkeypatch.syspath_prepend(plugin.path)
    assert "later-api" in names()
    assert package_of(registered()["later-api"]) == "later-api"
    assert resources.home("later-api").openapi == plugin.package / "openapi"
    assert "later_api" not in sys.modules


def test_a_name_that_two_packages_register_is_refused_with_both(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plugin = installed(tmp_path, "twice-api")
    plugin.register("other", {"twice-api": "twice_api"})
    monkeypatch.syspath_prepend(plugin.path)
    with pytest.raises(RegistrationError, match="the name is taken: package ") as refused:
        registered()
    assert all(name in str(refused.value) for name in ("package twice-api", "package other"))


def test_without_any_api_it_says_what_to_install() -> None:
    # -S leaves out site-packages, and with them every entry point.
    script = "from mockserver.registry import entries; entries.registered()"
    done = run(resources.PACKAGE.parent, "-S", "-c", script)
    assert done.returncode == 1
    assert "no API is registered: install idp-mockserver again" in done.stderr
