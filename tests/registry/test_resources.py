"""Documents and scenarios are found beside the package, and a variant holds only what differs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mockserver.registry import resources
from mockserver.registry.apis import services
from mockserver.state.store import dump, load

COLLECTIONS = [collection for service in services() for collection in service.collections]


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installed package with two scenarios, one of them a variant of the other."""
    files = {
        "openapi/toy.yaml": "openapi: 3.1.0\ninfo: {title: Toy}\npaths: {}\n",
        "fixtures/big/jackson.json": json.dumps(
            {"collections": {"a": {"1": {}}, "shared": {"1": {}}}, "counters": {"a": 1}}
        ),
        "fixtures/big/netbird.json": json.dumps({"collections": {"b": {"1": {}}, "shared": {"2": {}}}, "counters": {}}),
        "fixtures/big-b/netbird.json": json.dumps({"collections": {"b": {"9": {}}}, "counters": {"b": 9}}),
    }
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    monkeypatch.setattr(resources, "PACKAGE", tmp_path)
    return tmp_path


def test_documents_are_read_from_inside_an_installed_package(package: Path) -> None:
    assert resources.folder("openapi") == package / "openapi"
    assert resources.document("toy") == {"openapi": "3.1.0", "info": {"title": "Toy"}, "paths": {}}


def test_in_a_checkout_they_stand_beside_the_package() -> None:
    assert resources.folder("openapi") == resources.PACKAGE.parent / "openapi"


def test_a_scenario_puts_the_services_files_together(package: Path) -> None:
    assert resources.scenarios() == ["big", "big-b"]
    data = resources.scenario("big")
    assert data["collections"] == {"a": {"1": {}}, "b": {"1": {}}, "shared": {"1": {}, "2": {}}}
    assert data["counters"] == {"a": 1}


def test_a_variant_replaces_the_services_that_differ(package: Path) -> None:
    data = resources.scenario("big-b")
    assert data["collections"] == {"a": {"1": {}}, "b": {"9": {}}, "shared": {"1": {}}}
    assert data["counters"] == {"a": 1, "b": 9}


@pytest.mark.parametrize("name", ["nowhere", "", ".", "..", "big/../big", "../fixtures/big"])
def test_an_unknown_scenario_is_a_key_error(package: Path, name: str) -> None:
    with pytest.raises(KeyError):
        resources.scenario(name)


def test_what_changed_can_be_seen(package: Path) -> None:
    before = resources.watched()
    changed = package / "fixtures" / "big" / "jackson.json"
    changed.write_text(changed.read_text() + " ")
    new = package / "fixtures" / "big" / "c.json"
    new.write_text("{}")
    after = resources.watched()
    assert {path for path in after if after[path] != before.get(path)} >= {new}
    assert package / "openapi" / "toy.yaml" in after


@pytest.mark.parametrize("name", resources.scenarios())
def test_every_record_of_every_scenario_belongs_to_a_collection_of_a_service(name: str) -> None:
    data = resources.scenario(name)
    declared = {collection.name for collection in COLLECTIONS}
    assert data["collections"].keys() <= declared | {"deliveries"}
    kept = dump(load({it.name: it for it in COLLECTIONS}.values(), data["collections"]))
    assert {key: value for key, value in kept.items() if value} == {k: v for k, v in data["collections"].items() if v}
