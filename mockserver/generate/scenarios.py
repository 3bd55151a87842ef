"""The list of all scenarios, and the format of a fixture file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

import orjson

from mockserver.core.messages import Json
from mockserver.generate import jackson, netbird, netfoundry, vcf
from mockserver.state.store import Record

Collections: TypeAlias = dict[str, dict[str, Record]]


SCENARIOS: Mapping[str, Mapping[str, Callable[[], Collections]]] = {
    "documented": {
        "netbird": netbird.documented,
        "jackson": jackson.documented,
        "vcf": vcf.documented,
        "netfoundry": netfoundry.documented,
    },
    "documented-okta": {"vcf": vcf.documented_okta},
    "empty": {"netbird": netbird.empty, "jackson": jackson.empty, "vcf": vcf.empty, "netfoundry": netfoundry.empty},
    "acme": {"netbird": netbird.acme, "jackson": jackson.acme, "vcf": vcf.acme, "netfoundry": netfoundry.acme},
    "acme-okta": {"vcf": vcf.acme_okta},
}
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
