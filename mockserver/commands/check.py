"""`mockserver check`: runs the contract suite, which is part of the package, against a deployment or this mock."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from importlib.util import find_spec
from pathlib import Path

from mockserver.registry import resources
from mockserver.registry.apis import services
from mockserver.registry.entries import RegistrationError

HELP = "Contract-tests a deployment or this mock. Exit status: 0 conforms, 1 does not conform, 2 could not be checked."
EXAMPLES = """
  mockserver check jackson --within 60s
  mockserver check netbird --url http://127.0.0.1:8080 --credential-env TOKEN --report report
  mockserver check netbird --url https://netbird.example --credential-file token.txt --rate 5
"""
NEEDED = ("pytest", "httpx", "openapi_core", "hypothesis")
"""Packages that the extra `check` installs."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the options of `mockserver check`."""
    parser.add_argument("service", metavar="SERVICE", help="API to check; `mockserver operations` lists the APIs")
    _deployment_options(parser)
    _run_options(parser)
    add = parser.add_argument_group("reports").add_argument
    add("--report", type=Path, metavar="DIR", help="write HTML, JUnit, JSON, Markdown and SARIF reports to this folder")
    add("--compare", type=Path, metavar="FILE", help="show the differences from this report.json of another run")
    add("--accept", type=Path, metavar="FILE", help="YAML file of reviewed differences; only new ones fail")
    add("--record", metavar="NAME", help="record in `mockserver operations` what this run proves, under this name")


def _deployment_options(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("deployment")
    add = group.add_argument
    add("--url", help="base URL of the deployment (default: this mock, in this process)")
    credential = group.add_mutually_exclusive_group()
    credential.add_argument("--credential-env", metavar="NAME", help="environment variable that holds the credential")
    credential.add_argument("--credential-file", metavar="FILE", help="file that holds the credential")
    add("--allow-writes", action="store_true", help="allow writes to a deployment that is not on loopback")
    add("--clean", action="store_true", help="only remove what interrupted runs left behind")


def _run_options(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument_group("run").add_argument
    add("--rate", type=_positive, metavar="N", help="send at most N requests per second")
    add("--within", metavar="TIME", help="start no test after this time, such as 60s or 10m")
    add("--seed", type=int, metavar="N", help="run the tests in an order derived from this number")


def run(options: argparse.Namespace) -> int:
    """Returns 0 if the deployment conforms, 1 if it does not, 2 if that could not be determined."""
    missing = [name for name in NEEDED if find_spec(name) is None]
    if missing:
        return _refused(f"{', '.join(missing)} is missing: pip install 'idp-mockserver[check]'")
    try:
        known = [service.name for service in services()]
    except RegistrationError as error:
        return _refused(str(error))
    if options.service not in known:
        return _refused(f"no service {options.service!r}: there are {', '.join(known)}")
    if options.compare and not options.compare.is_file():
        return _refused(f"there is no file {options.compare}")
    if options.clean and not options.url:
        return _refused("--clean needs --url: the mock in this process leaves nothing behind")
    return _tested(resources.folder("contract_tests"), options)


def _tested(suite: Path, options: argparse.Namespace) -> int:
    import pytest

    # Other pytest plugins, or the settings of a project in the current folder, must not change the verdict.
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # as after Ctrl-C, the suite then removes what it created
    fixed = ["-c", os.devnull, "--rootdir", str(suite), "-p", "no:cacheprovider", "-p", "no:terminal"]
    status = pytest.main([str(suite), *fixed, *_passed_on(options)])
    return int(status) if status in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED) else 2


def _passed_on(options: argparse.Namespace) -> list[str]:
    """Returns the options for pytest. None of them contains a credential."""
    given = ["--check", options.service]
    if options.url:
        given += ["--url-for", f"{options.service}={options.url}"]
    names = ("credential-env", "credential-file", "rate", "within", "report", "compare", "accept", "record")
    values = {f"--{name}": getattr(options, name.replace("-", "_")) for name in names}
    values["--contract-seed"] = options.seed
    given += [f"{name}={value}" for name, value in values.items() if value is not None]
    given += [f"--{name}" for name in ("allow-writes", "clean") if getattr(options, name.replace("-", "_"))]
    return given


def _positive(text: str) -> float:
    value = float(text)
    if value <= 0:
        raise argparse.ArgumentTypeError("must be greater than 0")
    return value


def _refused(reason: str) -> int:
    print(f"mockserver check: {reason}", file=sys.stderr)
    return 2
