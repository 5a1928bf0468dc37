"""One city for the whole run: `tests/run` starts it for the test that needs it first, and ends it with the run."""

import os
import sys
from pathlib import Path

import pytest

from rigs.city.inside import Inside
from tenfour.common.reach import Stack
from tests.browser import browser
from tests.leaks import leaks_in_logs
from tests.permissions import RECORDING, not_as_recorded, superfluous
from tests.profiles import load_profile
from tests.run.order import in_order
from tests.run.plugin import FOLDER, NAME, Run

__all__ = ("browser",)

TENFOUR = str(Path(sys.executable).with_name("tenfour"))

ON_PERMISSIONS = {
    "each function may do what it did": superfluous,
    "calls.txt tells what functions call": not_as_recorded,
}

load_profile()


def city_folder():
    """Return the folder of the city of this test run."""
    return Path(os.environ[FOLDER]) / "city"


def is_whole(config):
    """Tell whether this is a run of every test there is, or of `make test`'s, which leaves none out that adds calls."""
    named = config.option.markexpr not in ("", "not whole")
    chosen = config.option.keyword or named or getattr(config.option, "lf", False)
    return config.args_source is pytest.Config.ArgsSource.TESTPATHS and not chosen


def pytest_configure(config):
    run = Run(config, [TENFOUR, "local"], RECORDING)
    run.checks["tests/leaks.py::no log of the city has personal data"] = none_found(leaks_in_logs)
    if is_whole(config):
        for rule, search in ON_PERMISSIONS.items():
            run.checks_if_all_passed[f"tests/permissions.py::{rule}"] = none_found(search)
    config.pluginmanager.register(run, NAME)


def none_found(search):
    """Return a check that fails with what a search finds."""

    def check(state):
        found = search(state)
        assert not found, "\n".join(found)

    return check


def pytest_collection_modifyitems(items):
    items[:] = list(in_order(items))


@pytest.fixture(scope="session")
def stack(request) -> Stack:
    """Return the running city of this test run."""
    return request.config.pluginmanager.get_plugin(NAME).city.stack()


@pytest.fixture(scope="session")
def inside(stack) -> Inside:
    """Return what only the city's owner sees."""
    return Inside(stack)
