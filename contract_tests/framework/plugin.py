"""The pytest plugin of the suite: it selects the tests, turns their outcomes into evidence, cleans up and reports."""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Generator
from typing import Any

import httpx
import pytest

from .documents import DocumentedOperation
from .evidence import ACCEPTED, FAILED, PROVEN, UNTESTED, Evidence
from .reporting import publish
from .run import Run
from .session import UnacceptedDifference
from .validation import Difference

WIDTH = 30
"""The characters of the progress bar."""

TIME_IS_UP = "the time was up (--within)"


class SuitePlugin:
    """Follows a run. Whatever happens, nothing that the run has created stays behind and no report shows a secret."""

    def __init__(self, config: pytest.Config, run: Run) -> None:
        self._config = config
        self._run = run
        self._started = time.monotonic()
        self._begun_tests = 0

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        """Keeps only the tests that a run against given deployments can use; shuffles them if there is a seed."""
        without_service = [item.nodeid for item in items if _opens_session(item) and _service(item) is None]
        if without_service:
            raise pytest.UsageError(f"{without_service[0]} needs the marker service: no check would ever run it")
        if config.getoption("--clean"):
            items.clear()
        elif self._run.check or self._run.urls:
            items[:] = [it for it in items if _opens_session(it) and _service(it) in self._run.services]
        seed = config.getoption("--contract-seed")
        if seed:
            random.Random(seed).shuffle(items)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        for evidence in self._run.evidence.values():
            evidence.begin_test()
        self._begun_tests += 1
        self._print_progress(self._begun_tests, len(item.session.items))
        if self._run.seconds is not None and time.monotonic() - self._started > self._run.seconds:
            pytest.skip(TIME_IS_UP)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_teardown(self) -> None:
        for deployment in self._run.deployments.values():
            deployment.drop_worlds()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        report = yield
        service = _service(item)
        if service and _opens_session(item) and (report.when == "call" or not report.passed):
            _add_outcome(item, call, report, self._run.evidence_of(service))
        self._mask(report)
        return report

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        """Removes what the run has created, even after an interrupt, and reports."""
        left = [path for deployment in self._run.deployments.values() for path in deployment.remove_created()]
        if self._config.getoption("--clean"):
            session.exitstatus = self._clean(left)
        elif left:
            _warn_of(left)
        if self._run.check and not self._config.getoption("--clean"):
            has_tested = publish(self._config, self._run, time.monotonic() - self._started, exitstatus)
            if exitstatus == pytest.ExitCode.OK and not has_tested:
                session.exitstatus = pytest.ExitCode.NO_TESTS_COLLECTED
        self._run.client.close()

    def _clean(self, left: list[str]) -> pytest.ExitCode:
        """Removes what killed runs have left behind. `left` is what could not be removed before."""
        removed: list[str] = []
        for deployment in self._run.deployments.values():
            done, failed = deployment.remove_leftovers()
            removed += done
            left = left + failed
        if left:
            _warn_of(left)
        nothing = "nothing" if left else "nothing was left behind"
        print(f"removed: {', '.join(removed) or nothing}")  # noqa: T201  (pytest's terminal reporter is switched off)
        return pytest.ExitCode.INTERNAL_ERROR if left else pytest.ExitCode.OK

    def _mask(self, report: pytest.TestReport) -> None:
        for deployment in self._run.deployments.values():
            mask = deployment.secrets.mask
            if report.failed and report.longrepr:
                report.longrepr = mask(str(report.longrepr))
            report.sections = [(title, mask(text)) for title, text in report.sections]

    def _print_progress(self, done: int, total: int) -> None:
        """Prints a progress bar, if a person is watching."""
        stream = sys.__stderr__
        if not self._run.check or stream is None or not stream.isatty():
            return
        filled = WIDTH * done // max(total, 1)
        end = "\n" if done == total else ""
        print(f"\r{'█' * filled}{'░' * (WIDTH - filled)} {done}/{total}", end=end, file=stream, flush=True)


def _warn_of(left: list[str]) -> None:
    print(f"could not be removed: {', '.join(left)}", file=sys.stderr)  # noqa: T201  (as above)


def _add_outcome(item: pytest.Item, call: pytest.CallInfo[None], report: pytest.TestReport, evidence: Evidence) -> None:
    """Adds the outcome of a test to the evidence. A failure that is an accepted difference becomes a skipped test."""
    marker = item.get_closest_marker("proves")
    aspect = marker.args[0] if marker else "lifecycle"
    names = evidence.called | _operations_of(item)
    error = call.excinfo.value if call.excinfo else None
    why = ""
    if report.skipped:
        state, why = UNTESTED, str(error or "")
    elif report.failed and isinstance(error, (UnacceptedDifference, httpx.HTTPError)):
        state, why = FAILED, str(error)
    elif report.failed:
        why = evidence.accepted_status or _sentence(item)
        if evidence.accepted_status or evidence.add_behaviour(names, Difference("other behaviour", why)):
            state = ACCEPTED
            report.outcome = "skipped"
            report.longrepr = (str(item.path), 0, f"accepted: {why}")
        else:
            state = FAILED
    else:
        state = PROVEN
    evidence.add_outcome(aspect, names, state, why)


def _opens_session(item: pytest.Item) -> bool:
    """Returns whether a test opens a session, and so can run against any deployment."""
    return "open_session" in getattr(item, "fixturenames", ())


def _parameters(item: pytest.Item) -> dict[str, Any]:
    parameters: dict[str, Any] = getattr(getattr(item, "callspec", None), "params", {})
    return parameters


def _service(item: pytest.Item) -> str | None:
    """Returns the service that a test is about, from its parameters or its marker."""
    marker = item.get_closest_marker("service")
    operation = _parameters(item).get("operation")
    if isinstance(operation, DocumentedOperation):
        return operation.service
    return str(marker.args[0]) if marker else _parameters(item).get("service")


def _operations_of(item: pytest.Item) -> set[str]:
    """Returns the operations that a test's parameters name."""
    operation, example = _parameters(item).get("operation"), _parameters(item).get("example")
    if isinstance(operation, DocumentedOperation):
        return {operation.id}
    return {example["operation"]} if example else set()


def _sentence(item: pytest.Item) -> str:
    """Returns what a test states and what is therefore not so: the words of its name, and its parameters.

    Files of accepted differences contain these sentences, so renaming a test is a visible change.
    """
    name = getattr(item, "originalname", item.name).removeprefix("test_").replace("_", " ")
    values = [
        value
        for key, value in _parameters(item).items()
        if key not in ("transport", "service") and isinstance(value, str)
    ]
    return f"not so: {name}" + (f" ({', '.join(values)})" if values else "")
