"""The scenarios of this project's APIs, gathered from the modules of this package, and the format of their files."""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import TypeAlias

import orjson

from mockserver import generate
from mockserver.core.messages import Json
from mockserver.state.store import Record

Collections: TypeAlias = dict[str, dict[str, Record]]


def _gathered() -> dict[str, dict[str, Callable[[], Collections]]]:
    """Imports every other module of this package, each named after its service, and returns their scenarios."""
    scenarios: dict[str, dict[str, Callable[[], Collections]]] = {}
    for entry in pkgutil.iter_modules(generate.__path__):
        if entry.name != __name__.rpartition(".")[2]:
            module = import_module(f"{generate.__name__}.{entry.name}")
            for scenario, make in module.SCENARIOS.items():
                scenarios.setdefault(scenario, {})[entry.name] = make
    return scenarios


SCENARIOS: Mapping[str, Mapping[str, Callable[[], Collections]]] = _gathered()
"""Scenario → service → the function that generates its records."""


def file_of(collections: Collections) -> bytes:
    """Returns the content of a fixture file.

    The counter of a collection whose ids are numbers starts at its largest id.
    """
    counters = {
        name: max(map(int, records))
        for name, records in collections.items()
        if records and all(map(str.isdigit, records))
    }
    data: Json = {"collections": collections, "counters": counters}
    return orjson.dumps(data, option=orjson.OPT_INDENT_2) + b"\n"
