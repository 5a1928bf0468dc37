"""A city that dies, or can't be searched, is said by name, and hides no other result: shown by small runs of pytest."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tenfour.common.paths import ROOT
from tests.waiting import wait_until

CONFTEST = """
import sys
from pathlib import Path
import pytest
from tests.run.plugin import NAME, Run

def pytest_configure(config):
    run = Run(config, [sys.executable, str(Path(__file__).with_name("fake_city.py"))])
    run.checks["tests/logs.py::no log has personal data"] = search
    config.pluginmanager.register(run, NAME)

@pytest.fixture(scope="session")
def run(request):
    return request.config.pluginmanager.get_plugin(NAME)

@pytest.fixture(scope="session")
def stack(run):
    return run.city.stack()

def search(state):
    text = (state / "function.log").read_text()
    assert "secret" not in text, f"found in: {text}"
"""
CITY = """
import json, signal, socket, sys
from pathlib import Path
print("the fake city begins", flush=True)
state = Path(sys.argv[-1])
state.mkdir(exist_ok=True)
held = socket.socket()
held.bind(("127.0.0.1", 0))
held.listen()
here = f"http://127.0.0.1:{held.getsockname()[1]}"
names = "agency_id webhook_secret bearer_key rms_secret lake region".split()
BEFORE
(state / "function.log").write_text("nothing")
signal.signal(signal.SIGTERM, lambda *_: sys.exit())
told = {**dict.fromkeys(names, "x"), "api": here, "carrier": here, "aws_endpoint": here}
(state / "new").write_text(json.dumps(told))
(state / "new").rename(state / "stack.json")
signal.pause()
"""
TESTS = """
import os, signal, time, urllib.request
from pathlib import Path
import pytest

def test_a_first_one_is_well(stack):
    assert stack.api

def test_b_the_city_is_killed_under_it(stack, run):
    os.kill(int((run.city.folder / "pid").read_text()), signal.SIGKILL)
    while run.city.death() is None:
        time.sleep(0.05)
    urllib.request.urlopen(stack.api)

def test_c_needs_the_city(stack):
    assert stack.api

@pytest.mark.city
def test_d_needs_it_by_another_name(request):
    assert request.getfixturevalue("stack")

def test_e_needs_no_city():
    assert True

def test_f_fails_of_itself():
    assert 1 == 2
"""


@pytest.fixture
def session(tmp_path):
    """Return what runs pytest over files, and returns its exit status and what it says."""

    def run(tests=TESTS, before="", after="", *options):
        (tmp_path / "conftest.py").write_text(CONFTEST + after)
        (tmp_path / "fake_city.py").write_text(CITY.replace("BEFORE", before))
        (tmp_path / "test_small.py").write_text(tests)
        (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers = city\n")
        # Nothing of the run around this one: neither its worker's name nor its folder.
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "TENFOUR"))}
        command = [sys.executable, "-m", "pytest", "-rfEs", "--durations=1", "-p", "no:cacheprovider", *options]
        environment = {**kept, "PYTHONPATH": str(ROOT), "TMPDIR": str(tmp_path), "COLUMNS": "400"}
        done = subprocess.run(
            [*command, str(tmp_path)], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
        )
        return done.returncode, done.stdout + done.stderr

    return run


def outcomes(said):
    """Return how many tests went how, as the last line says."""
    counted = re.findall(r"(\d+) (passed|failed|skipped|errors?)", said.strip().splitlines()[-1])
    return {word: int(number) for number, word in counted}


@pytest.mark.parametrize("workers", [pytest.param("0", marks=pytest.mark.whole), "2"])
def test_one_test_says_that_the_city_died_and_those_that_need_it_are_skipped(session, workers):
    status, said = session(TESTS, "", "", "-n", workers, "--dist", "loadfile")

    assert (status, outcomes(said)) == (1, {"failed": 3, "passed": 2, "skipped": 2}), said
    died = "the city of this run was killed by SIGKILL"
    assert re.search(rf"FAILED test_small.py::test_b_the_city_is_killed_under_it - Failed: {died}", said)
    assert re.search(rf"SKIPPED \[2\] .*NOT RUN: {died}", said)
    assert "FAILED test_small.py::test_f_fails_of_itself - assert 1 == 2" in said
    assert re.search(rf"FAILED tests/logs.py::no log has personal data - .*can't be searched: {died}", said)
    assert "    the fake city begins" in said, "the end of the city's log"
    assert "slowest" in said


@pytest.mark.whole
def test_a_city_that_does_not_start_is_said_once_with_the_end_of_its_log(session):
    status, said = session(TESTS, "sys.exit('the port is taken')")

    assert (status, outcomes(said)) == (1, {"failed": 2, "passed": 1, "skipped": 3, "error": 1}), said
    assert (
        "ERROR test_small.py::test_a_first_one_is_well - Failed: the city of this run ended with exit status 1" in said
    )
    assert "    the port is taken" in said


WELL = "def test_the_city_is_well(stack):\n    assert stack.api\n"


@pytest.mark.whole
@pytest.mark.parametrize(
    ("before", "after", "name", "why"),
    [
        ("", "", "", ""),
        ("", '(state / "function.log").write_text("a secret")', "tests/logs.py", "found in: a secret"),
        ("", '(state / "function.log").unlink()', "tests/logs.py", "No such file or directory"),
    ],
)
def test_a_search_that_finds_something_or_cannot_run_is_a_failure_by_name(session, before, after, name, why):
    spoil = f"\nwell = search\ndef search(state):\n    {after}\n    well(state)\n" if after else ""
    status, said = session(WELL, before, spoil)

    assert outcomes(said) == ({"passed": 1, "failed": 1} if name else {"passed": 1}), said
    assert status == int(bool(name))
    assert not name or re.search(rf"FAILED {name}::no log has personal data - .*{why}", said), said
    assert "slowest" in said


@pytest.mark.whole
def test_nothing_of_a_city_outlives_its_run_although_the_run_is_killed_outright(session, tmp_path):
    kills = "import os, signal\ndef test_the_run_is_killed(stack):\n    os.kill(os.getpid(), signal.SIGKILL)\n"
    status, _ = session(kills, "", "", "-n", "0")
    (pid,) = tmp_path.glob("tenfour-test-*/pid")
    ended = pid.with_name("ended")

    assert status == -9
    assert wait_until(ended.exists)
    assert ended.read_text() == "ended with exit status 0"
    assert not Path(f"/proc/{pid.read_text()}").exists()
