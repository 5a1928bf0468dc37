"""One city for the whole run, started by whoever needs it first and ended by the process that began the run."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest
from filelock import FileLock

from rigs.city.inside import Inside
from tenfour.common.reach import Stack, read_stack
from tenfour.rehearse.vendor import wait_until
from tests.leaks import leaks_in_logs
from tests.order import in_order
from tests.permissions import RECORDING, superfluous
from tests.profiles import load_profile

STARTS_WITHIN = 150
ENDS_BY_ITSELF_AFTER = 1200
FOLDER = "TENFOUR_TEST_FOLDER"
_started = []
TENFOUR = str(Path(sys.executable).with_name("tenfour"))

load_profile()


def city_folder():
    """Return the folder of the city of this test run."""
    return Path(os.environ[FOLDER]) / "city"


def is_controller(config):
    return not hasattr(config, "workerinput")


def is_whole(config):
    """Tell whether this is a run of every test there is, or of `make test`'s, which leaves none out that adds calls."""
    named = config.option.markexpr not in ("", "not whole")
    chosen = config.option.keyword or named or getattr(config.option, "lf", False)
    return config.args_source is pytest.Config.ArgsSource.TESTPATHS and not chosen


def pytest_configure(config):
    if is_controller(config):
        os.environ[FOLDER] = tempfile.mkdtemp(prefix="tenfour-test-")


def pytest_collection_modifyitems(items):
    items[:] = list(in_order(items))


def pytest_sessionfinish(session, exitstatus):
    """End the city, once nobody needs it any more, and look through all that it logged.

    What its functions may do is compared with what they did where everything ran, and nothing failed.
    """
    if not is_controller(session.config):
        return
    folder = Path(os.environ[FOLDER])
    if (folder / "pid").exists():
        session.config.leaks = leaks_in_logs(folder / "city") if session.testscollected else []
        if exitstatus == pytest.ExitCode.OK and is_whole(session.config):
            session.config.leaks += superfluous(folder / "city")
        _end(int((folder / "pid").read_text()))
        if session.config.leaks:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED
    shutil.rmtree(folder, ignore_errors=True)


def pytest_terminal_summary(terminalreporter, config):
    for leak in getattr(config, "leaks", []):
        terminalreporter.write_line(f"LEAK OR PERMISSION: {leak}", red=True)


@pytest.fixture(scope="session")
def stack() -> Stack:
    """Return the running city of this test run."""
    folder = Path(os.environ[FOLDER])
    told = folder / "city" / "stack.json"
    with FileLock(folder / "lock"):
        if not (folder / "pid").exists():
            command = ["timeout", str(ENDS_BY_ITSELF_AFTER), TENFOUR, "local", "--state", str(folder / "city")]
            with (folder / "city.log").open("wb") as log:
                environment = {**os.environ, **RECORDING}
                _started.append(
                    subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True, env=environment)
                )
            (folder / "pid").write_text(str(_started[0].pid))
    if not wait_until(told.exists, STARTS_WITHIN):
        pytest.fail(f"the city did not start: {(folder / 'city.log').read_text()}")
    return read_stack(told)


@pytest.fixture(scope="session")
def inside(stack) -> Inside:
    """Return what only the city's owner sees."""
    return Inside(stack)


def _end(pid: int) -> None:
    os.kill(pid, signal.SIGTERM)
    for _ in range(300):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return
        _reap(pid)
        time.sleep(0.1)


def _reap(pid: int) -> None:
    try:
        os.waitpid(pid, os.WNOHANG)
    except ChildProcessError:
        return
