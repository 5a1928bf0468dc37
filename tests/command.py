"""The `tenfour` command, called in this process: an interpreter of its own costs a second of CPU each time."""

import re
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from typing import NamedTuple

import pytest

from tenfour.common.reach import AS_PERSON
from tenfour.common.terminal import run_as_program
from tenfour.main import cli
from tests.conftest import city_folder


class Done(NamedTuple):
    """How a command ended and what it said, by the names of `subprocess`."""

    returncode: int
    stdout: str
    stderr: str


def tenfour(*words):
    """Run a command to its end."""
    out, err = StringIO(), StringIO()
    with redirect_stdout(out), redirect_stderr(err), pytest.raises(SystemExit) as ended:
        run_as_program(cli, [*map(str, words)])
    return Done(ended.value.code or 0, out.getvalue(), err.getvalue())


def approve_in_the_city(said, *words):
    """Let the second of the city's people approve what a command has said that it proposed."""
    (digest,) = re.findall(r"tenfour approve (\w+)", said)
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv(AS_PERSON, "second")
        return tenfour_in_the_city("approve", digest, "--yes", *words)


def done_in_the_city(*words):
    """Run a command against the city of this test run, which must end well, and return what it printed."""
    finished = tenfour_in_the_city(*words)
    assert finished.returncode == 0, finished.stderr
    return finished.stdout


def tenfour_in_the_city(*words):
    """Run a command against the city of this test run."""
    return tenfour(*words, "--stack", city_folder() / "stack.json")
