"""Fail a test run when its city dies, or when the search of its logs finds something or is impossible."""

import os
import shutil
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tests.run.city import City, CityDied
from tests.run.keeper import ALIVE, RUN, hold, is_held
from tests.waiting import wait_until

FOLDER = "TENFOUR_TEST_FOLDER"
"""The variable by which the processes of a run know its folder."""

NEEDS_CITY = "city"
"""The mark of a test that asks for the city only while it runs, by a fixture that it names itself."""

Check = Callable[[Path], None]
"""A search of a city's folder while the city lives; it raises what it finds, or why it can't search."""


NAME = "run with a city"
"""The name of the plugin, by which fixtures find it."""


class Run:
    """One test run and its city; each process of the run has one, and the controller ends what it began."""

    def __init__(self, config: pytest.Config, command: list[str], environment: Mapping[str, str] = {}) -> None:
        self._lock = None
        if is_controller(config):
            os.environ[FOLDER] = tempfile.mkdtemp(prefix="tenfour-test-")
            self._lock = hold(Path(os.environ[FOLDER]) / RUN)
        self.city = City(Path(os.environ[FOLDER]), command, {**environment})
        self.checks: dict[str, Check] = {}
        """What is searched at the end of a run with a city, by the node ID under which it is reported."""
        self.checks_if_all_passed: dict[str, Check] = {}

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item):
        """Begin no test that needs a city that is dead."""
        reason = self.city.death() if needs_city(item) else None
        if reason:
            raise CityDied(reason)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_makereport(self, item, call):
        """Let the first test that fails for want of the city say so, and skip the others with that reason."""
        if call.excinfo and isinstance(call.excinfo.value, (Exception, pytest.fail.Exception)) and needs_city(item):
            reason = self._death_seen_by(call.excinfo.value)
            if reason:
                call.excinfo = self._told(reason, call.excinfo)
        return (yield)

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session, exitstatus):
        """Search what the city has left behind, end it, and report each search that failed as a test that failed.

        Nothing here may raise: what comes after it prints the summary.
        """
        if self._lock is None:
            return
        if self.city.begun:
            passed = exitstatus == pytest.ExitCode.OK
            for name, check in {**self.checks, **(self.checks_if_all_passed if passed else {})}.items():
                self._report(session, name, pytest.CallInfo.from_call(lambda check=check: self._search(check), "call"))
        self._report(session, "tests/run/plugin.py::the city ends", pytest.CallInfo.from_call(self._end, "call"))

    def _death_seen_by(self, failure: BaseException) -> str | None:
        if isinstance(failure, CityDied):
            return str(failure)
        reason = self.city.death()
        if self.city.begun and not reason:
            time.sleep(0.5)  # what a killed process held is let go piece by piece: the test may have been first to see
            reason = self.city.death()
        return reason

    def _told(self, reason: str, seen: pytest.ExceptionInfo) -> pytest.ExceptionInfo:
        first, _, logs = reason.partition("\n")
        if not isinstance(seen.value, CityDied):
            first = f"{first} (seen as {seen.exconly(tryshort=True)})"
        try:
            if not self.city.is_first_to_tell():
                pytest.skip(f"NOT RUN: {first}")
            pytest.fail(f"{first}\n{logs}", pytrace=False)
        except (pytest.skip.Exception, pytest.fail.Exception):
            return pytest.ExceptionInfo.from_current()

    def _search(self, check: Check) -> None:
        reason = self.city.death()
        if reason:
            raise CityDied(f"can't be searched: {reason.partition(chr(10))[0]}")
        check(self.city.state)

    def _end(self) -> None:
        self._lock.close()
        ended = wait_until(lambda: not self.city.begun or not is_held(self.city.folder / ALIVE))
        assert ended, "the city did not end with the run"
        shutil.rmtree(self.city.folder, ignore_errors=True)

    def _report(self, session: pytest.Session, name: str, call: pytest.CallInfo) -> None:
        if call.excinfo is None:
            return
        place = (name.partition("::")[0], None, name.partition("::")[2])
        shown = call.excinfo.getrepr(style="short", funcargs=False)
        report = pytest.TestReport(name, place, {}, "failed", shown, "call", (), call.duration, call.start, call.stop)
        session.config.hook.pytest_runtest_logreport(report=report)
        if session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED


def is_controller(config: pytest.Config) -> bool:
    """Tell whether this is the process that began the run, and no worker of it."""
    return not hasattr(config, "workerinput")


def needs_city(item: pytest.Item) -> bool:
    """Tell whether a test can't be run without the city."""
    return "stack" in getattr(item, "fixturenames", ()) or item.get_closest_marker(NEEDS_CITY) is not None
