"""`mockserver check`: contract-tests a deployment with the suite that travels with the package."""

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

HELP = "Contract-tests a deployment, or this mock: exit 0 conforms, 1 does not, 2 could not be run."
NEEDED = ("pytest", "httpx", "openapi_core", "hypothesis")
"""What the extra `check` brings."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `mockserver check`."""
    add = parser.add_argument
    add("service", metavar="SERVICE", help="whose contract it is; `mockserver operations` lists all")
    add("--url", help="where it is deployed; this mock, in this process, without it")
    credential = parser.add_mutually_exclusive_group()
    credential.add_argument("--credential-env", metavar="NAME", help="the variable that holds the credential")
    credential.add_argument("--credential-file", metavar="FILE", help="the file that holds it")
    add("--allow-writes", action="store_true", help="also write to a deployment that is not on loopback")
    add("--rate", type=_positive, metavar="N", help="at most N requests a second")
    add("--within", metavar="60s", help="begin no test after this time")
    add("--report", type=Path, metavar="DIR", help="write HTML, JUnit, JSON, Markdown and SARIF there")
    add("--seed", type=int, metavar="N", help="run the tests in an order made from it")
    add("--compare", type=Path, metavar="FILE", help="another run's report.json: show where the two part")
    add("--accept", type=Path, metavar="FILE", help="reviewed differences (YAML): only new ones fail")
    add("--record", metavar="NAME", help="keep what is proven, as proven by NAME, for `mockserver operations`")
    add("--clean", action="store_true", help="remove what killed runs left behind, and test nothing")


def run(options: argparse.Namespace) -> int:
    """0 where the deployment conforms, 1 where it does not, 2 where that could not be found out."""
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
        return _refused("--clean wants --url: the mock in this process leaves nothing behind")
    return _tested(resources.folder("contract_tests"), options)


def _tested(suite: Path, options: argparse.Namespace) -> int:
    import pytest

    # Another plugin's opinion, or a project's settings around here, must not change what a check says.
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # what was made is removed then, too
    fixed = ["-c", os.devnull, "--rootdir", str(suite), "-p", "no:cacheprovider", "-p", "no:terminal"]
    status = pytest.main([str(suite), *fixed, *_passed_on(options)])
    return int(status) if status in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED) else 2


def _passed_on(options: argparse.Namespace) -> list[str]:
    """The options as the suite takes them. A credential is in none of them."""
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
        raise argparse.ArgumentTypeError("more than 0")
    return value


def _refused(why: str) -> int:
    print(f"mockserver check: {why}", file=sys.stderr)
    return 2
