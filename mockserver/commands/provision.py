"""`mockserver provision`: acts as an identity provider that provisions any SCIM server, such as this one."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from mockserver.provision.dialects import DIALECTS
from mockserver.provision.identity_provider import IdentityProvider, ScimRefusal, ScimRequest, ScimResponse
from mockserver.provision.plan import PlannedAction, generate_plan, read_script
from mockserver.transports.http_client import HttpClient, Unreachable

HELP = "Acts as an identity provider: pushes users and groups to a SCIM server."
EXAMPLES = """
  mockserver provision okta --to http://127.0.0.1:8080/api/scim/v2 --token TOKEN --users 25
  mockserver provision entra --to http://127.0.0.1:8080/api/scim/v2 --token TOKEN --script actions.json
"""
WIDTH = 30
"""Width of the progress bar in characters."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the options of `mockserver provision`."""
    add = parser.add_argument
    add("provider", choices=DIALECTS, help="identity provider to act as: %(choices)s", metavar="PROVIDER")
    add("--to", required=True, metavar="SCIM_URL", help="base URL of the SCIM server")
    add("--token", required=True, metavar="TOKEN", help="bearer token of the SCIM server")
    add("--users", type=_count, default=10, metavar="N", help="number of users to generate (default: %(default)s)")
    add("--script", type=Path, metavar="FILE", help="JSON list of actions to perform instead")


def run(options: argparse.Namespace) -> int:
    """Returns 0 if nothing was refused, 1 if something was, 2 if the plan could not be finished."""
    summary = Summary()
    try:
        plan = (
            generate_plan(options.users)
            if options.script is None
            else read_script(json.loads(options.script.read_text()))
        )
        headers = {"Authorization": f"Bearer {options.token}", "Content-Type": "application/scim+json"}
        with HttpClient(options.to, {**headers, "Accept": "application/scim+json"}) as connection:
            _play(IdentityProvider(DIALECTS[options.provider]), plan, connection, summary)
    except (OSError, ValueError, Unreachable) as error:
        print(f"mockserver provision: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print(f"\n{summary}\ninterrupted")
        return 2
    print(summary)
    return 1 if summary.refused else 0


@dataclass
class Summary:
    """The outcome of a plan: actions that succeeded, by kind; refusals; number of requests; duration in seconds."""

    done: Counter[str] = field(default_factory=Counter)
    refused: list[str] = field(default_factory=list)
    requests: int = 0
    seconds: float = 0.0

    def __str__(self) -> str:
        lines = [f"{self.requests} requests in {self.seconds:.1f} s"]
        lines += [f"  {count:5} {do}" for do, count in self.done.items()]
        lines.append(f"refused: {len(self.refused)}")
        lines += [f"  {line}" for line in self.refused]
        return "\n".join(lines)


def _play(provider: IdentityProvider, plan: list[PlannedAction], connection: HttpClient, summary: Summary) -> None:
    started = time.perf_counter()

    def carry(request: ScimRequest) -> ScimResponse:
        summary.requests += 1
        response = connection.send(request.method, request.path, request.body)
        try:
            body = response.json()
        except ValueError:
            body = None
        return ScimResponse(response.status, body)

    for number, action in enumerate(plan):
        _show(number, len(plan), action)
        try:
            provider.play(action, carry)
            summary.done[action.do] += 1
        except ScimRefusal as refusal:
            summary.refused.append(f"{action}: {refusal}")
    _show(len(plan), len(plan), None)
    summary.seconds = time.perf_counter() - started


def _show(done: int, total: int, action: PlannedAction | None) -> None:
    """Draws the progress bar if stderr is a terminal."""
    if not sys.stderr.isatty():
        return
    filled = WIDTH * done // max(total, 1)
    bar = "█" * filled + "░" * (WIDTH - filled)
    end = "\n" if action is None else ""
    print(f"\r\x1b[K{bar} {done}/{total} {action or ''}", end=end, file=sys.stderr, flush=True)


def _count(text: str) -> int:
    count = int(text)
    if count < 0:
        raise argparse.ArgumentTypeError("must not be negative")
    return count
