"""The run as pytest sees it, turned into evidence: which test said what of which operations."""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Generator
from typing import Any

import httpx
import pytest

from .aim import Aim
from .deployment import Drifted
from .documents import Operation
from .evidence import ACCEPTED, FAILED, PROVEN, UNTESTED, Evidence
from .judge import Difference
from .reporting import publish

WIDTH = 30
"""Characters of the progress bar."""

TOO_LATE = "the time was up (--within)"


class Proving:
    """Watches a run, and sees to it that nothing is left behind and no secret reported."""

    def __init__(self, config: pytest.Config, aim: Aim) -> None:
        self._config = config
        self._aim = aim
        self._started = time.monotonic()
        self._done = 0

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        """A check has only tests of its service that can be aimed; a seed puts them into an order of its own."""
        nobodys = [item.nodeid for item in items if _is_aimed(item) and _service(item) is None]
        if nobodys:
            raise pytest.UsageError(f"of which service is {nobodys[0]}? It would never be part of a check")
        if config.getoption("--clean"):
            items.clear()
        elif self._aim.check or self._aim.urls:
            items[:] = [it for it in items if _is_aimed(it) and _service(it) in self._aim.services]
        seed = config.getoption("--contract-seed")
        if seed:
            random.Random(seed).shuffle(items)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        for evidence in self._aim.evidence.values():
            evidence.begin_test()
        self._done += 1
        self._show(self._done, len(item.session.items))
        if self._aim.seconds is not None and time.monotonic() - self._started > self._aim.seconds:
            pytest.skip(TOO_LATE)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_teardown(self) -> None:
        for target in self._aim.targets.values():
            target.drop_worlds()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        report = yield
        service = _service(item)
        if service and _is_aimed(item) and (report.when == "call" or not report.passed):
            self._take_down(item, call, report, self._aim.evidence_on(service))
        self._mask(report)
        return report

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        """Removes what was made, also after an interrupt, and reports."""
        left = [path for target in self._aim.targets.values() for path in target.clean()]
        removed: list[str] = []
        if self._config.getoption("--clean"):
            for target in self._aim.targets.values():
                done, failed = target.leftovers()
                removed += done
                left += failed
        if left:
            print(f"could not be removed: {', '.join(left)}", file=sys.stderr)  # noqa: T201  (no terminal reporter is there)
        if self._config.getoption("--clean"):
            nothing = "nothing" if left else "nothing was left behind"
            print(f"removed: {', '.join(removed) or nothing}")  # noqa: T201  (as above)
            session.exitstatus = pytest.ExitCode.INTERNAL_ERROR if left else pytest.ExitCode.OK
        elif self._aim.check:
            conforms = publish(self._config, self._aim, time.monotonic() - self._started, exitstatus)
            if exitstatus == pytest.ExitCode.OK and not conforms:
                session.exitstatus = pytest.ExitCode.NO_TESTS_COLLECTED
        self._aim.client.close()

    def _take_down(
        self, item: pytest.Item, call: pytest.CallInfo[None], report: pytest.TestReport, evidence: Evidence
    ) -> None:
        marker = item.get_closest_marker("proves")
        aspect = marker.args[0] if marker else "lifecycle"
        names = set(evidence.touched) | _named(item)
        why = ""
        state = PROVEN
        if report.skipped:
            state, why = UNTESTED, str(call.excinfo.value) if call.excinfo else ""
        elif report.failed and not (call.excinfo and isinstance(call.excinfo.value, (Drifted, httpx.HTTPError))):
            why = evidence.excuse or _sentence(item)
            fresh = not evidence.excuse and evidence.behaves(names, Difference("other behaviour", why))
            state = FAILED if fresh else ACCEPTED
            if not fresh:
                report.outcome = "skipped"
                report.longrepr = (str(item.path), 0, f"accepted: {why}")
        elif report.failed:
            state, why = FAILED, str(call.excinfo.value) if call.excinfo else ""
        evidence.outcome(aspect, names, state, why)

    def _mask(self, report: pytest.TestReport) -> None:
        for target in self._aim.targets.values():
            masked = target.secrets.masked
            if report.failed and report.longrepr:
                report.longrepr = masked(str(report.longrepr))
            report.sections = [(title, masked(text)) for title, text in report.sections]

    def _show(self, done: int, total: int) -> None:
        """The progress bar, where a person is looking."""
        stream = sys.__stderr__
        if not self._aim.check or stream is None or not stream.isatty():
            return
        filled = WIDTH * done // max(total, 1)
        end = "\n" if done == total else ""
        print(f"\r{'█' * filled}{'░' * (WIDTH - filled)} {done}/{total}", end=end, file=stream, flush=True)


def _is_aimed(item: pytest.Item) -> bool:
    """Whether a test asks for a deployment, and so can be aimed at any."""
    return "deployment_of" in getattr(item, "fixturenames", ())


def _service(item: pytest.Item) -> str | None:
    """Of which service a test is."""
    marker = item.get_closest_marker("service")
    parameters: dict[str, Any] = getattr(getattr(item, "callspec", None), "params", {})
    operation = parameters.get("operation")
    if isinstance(operation, Operation):
        return operation.service
    return str(marker.args[0]) if marker else parameters.get("service")


def _named(item: pytest.Item) -> set[str]:
    """The operations that a test is about by its parameters."""
    parameters: dict[str, Any] = getattr(getattr(item, "callspec", None), "params", {})
    operation, exchange = parameters.get("operation"), parameters.get("exchange")
    if isinstance(operation, Operation):
        return {operation.id}
    return {exchange["operation"]} if exchange else set()


def _sentence(item: pytest.Item) -> str:
    """What a test says, in words: its name, and what it was tried with."""
    name = getattr(item, "originalname", item.name).removeprefix("test_").replace("_", " ")
    parameters: dict[str, Any] = getattr(getattr(item, "callspec", None), "params", {})
    tried = [value for key, value in parameters.items() if key not in ("reached", "service") and isinstance(value, str)]
    return f"not so: {name}" + (f" ({', '.join(tried)})" if tried else "")
