"""`mockserver generate`: writes the fixtures, reproducibly."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from mockserver.registry import resources

HELP = "Writes the scenarios' fixtures with Faker, reproducibly."


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `mockserver generate`."""
    add = parser.add_argument
    add("scenario", nargs="*", help="scenarios to write (default: all)")
    add("--to", type=Path, help="folder to write to (default: the fixtures that the server reads)")
    add("--check", action="store_true", help="write nothing; exit 1 where a file is not what would be written")


def run(options: argparse.Namespace) -> int:
    """0 when all is written, or as it should be; 1 when a check finds a difference; 2 where it can't be done."""
    try:
        from mockserver.generate.scenarios import SCENARIOS, file_of
    except ImportError as error:
        print(f"mockserver generate needs {error.name}: pip install 'idp-mockserver[generate]'", file=sys.stderr)
        return 2
    unknown = set(options.scenario) - SCENARIOS.keys()
    if unknown:
        known = ", ".join(SCENARIOS)
        print(f"mockserver generate: no scenario {', '.join(sorted(unknown))}: there are {known}", file=sys.stderr)
        return 2
    target = options.to or resources.folder("fixtures")
    different = False
    for scenario in options.scenario or SCENARIOS:
        for service, records in SCENARIOS[scenario].items():
            path = target / scenario / f"{service}.json"
            content = file_of(records())
            same = path.exists() and path.read_bytes() == content
            different = different or not same
            print(f"{scenario}/{service}.json: {'unchanged' if same else 'differs' if options.check else 'written'}")
            if not same and not options.check:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
    return 1 if different and options.check else 0
