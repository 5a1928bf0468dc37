"""`tenfour local` as others use it: two side by side, and nothing left behind, however it ends."""

import json
import os
import signal
import socket
import subprocess
import time
from pathlib import Path

import pytest

from tests.conftest import TENFOUR, city_folder
from tests.waiting import wait_until

STACK = {
    "api", "carrier", "aws_endpoint", "agency_id", "webhook_secret", "bearer_key", "rms_secret", "lake", "region",
    "people", "sandbox_secret", "desk", "athena",
}  # fmt: skip


def start(state, *more):
    """Start a city as a terminal does: what a shell starts in the background ignores Ctrl-C, and so do its children."""
    command = [TENFOUR, "local", "--state", str(state), *more]
    heeds = lambda: signal.signal(signal.SIGINT, signal.SIG_DFL)  # noqa: E731
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True, preexec_fn=heeds)  # noqa: PLW1509


def processes(marker):
    """Return the processes that have a word in their environment or on their command line."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            text = (folder / "cmdline").read_bytes() + (folder / "environ").read_bytes()
        except OSError:
            continue
        if marker.encode() in text and int(folder.name) != os.getpid():
            found.append(folder.name)
    return found


def is_free(address):
    port = int(address.rsplit(":", 1)[1])
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


def test_two_cities_run_side_by_side_and_leave_nothing_behind(stack, tmp_path):
    """The other one is the city of this test run."""
    city = start(tmp_path)
    told = tmp_path / "stack.json"
    assert wait_until(lambda: told.exists() or city.poll() is not None)

    mine = json.loads(told.read_text())
    assert set(mine) == STACK
    assert (mine["agency_id"], mine["region"]) == ("springfield", "us-west-2")
    assert mine["api"] != stack.api

    city.send_signal(signal.SIGTERM)
    assert city.wait() == 0
    (line,) = city.stdout.read().splitlines()
    assert mine["api"] in line
    assert not told.exists()
    assert processes(str(tmp_path)) == []
    assert all(is_free(mine[name]) for name in ("api", "carrier", "aws_endpoint"))
    assert [path.name for path in tmp_path.iterdir()] == ["emulator.log"]


@pytest.mark.whole
@pytest.mark.parametrize(("seconds", "how"), [(0.7, signal.SIGTERM), (2.5, signal.SIGINT), (4, signal.SIGTERM)])
def test_a_city_that_is_interrupted_half_way_leaves_nothing_either(tmp_path, seconds, how):
    city = start(tmp_path)
    time.sleep(seconds)
    for _ in range(2):  # whoever is impatient asks twice
        city.send_signal(how)

    assert city.wait() in (0, 130, -how)
    assert wait_until(lambda: processes(str(tmp_path)) == [])
    assert not (tmp_path / "stack.json").exists()


@pytest.mark.whole
def test_a_city_whose_keeper_is_killed_outright_ends_too(tmp_path):
    city = start(tmp_path)
    assert wait_until(lambda: (tmp_path / "stack.json").exists() or city.poll() is not None)

    city.kill()

    assert wait_until(lambda: processes(str(tmp_path)) == [])


def test_a_port_that_is_taken_is_said_in_one_line(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        command = [TENFOUR, "local", "--state", str(tmp_path), "--port", str(taken.getsockname()[1])]
        done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert done.returncode == 2
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_second_city_in_the_same_folder_is_refused_and_the_first_goes_on(stack):
    folder = city_folder()

    done = subprocess.run([TENFOUR, "local", "--state", str(folder)], capture_output=True, text=True, check=False)

    assert (done.returncode, len(done.stderr.strip().splitlines())) == (2, 1)
    assert "another city is running" in done.stderr
    assert (folder / "stack.json").exists()


def test_settings_that_are_wrong_are_said_in_one_line(tmp_path):
    (tmp_path / "wrong.toml").write_text("agency_id = 5\n")
    command = [TENFOUR, "local", "--state", str(tmp_path), "--settings", str(tmp_path / "wrong.toml")]

    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert done.returncode == 2
    assert "wrong.toml:1: error: " in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
