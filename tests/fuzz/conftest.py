"""One table of what was tried, where more was asked for than every test run tries."""

import os
from collections import Counter

import pytest
from rich.table import Table

from tenfour.common.screen import Screen
from tests.profiles import ASKED

WORDS = {"passed": "fine", "failed": "BROKEN", "error": "BROKEN", "skipped": "not run"}


@pytest.fixture
def tried(request):
    """Return what counts the examples of a test, by target."""
    request.node.tried = Counter()
    return request.node.tried


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_makereport(item, call):
    if call.when == "call":
        item.user_properties += [("target", name, count) for name, count in getattr(item, "tried", {}).items()]


def pytest_terminal_summary(terminalreporter):
    if ASKED not in os.environ:
        return
    table = Table(title="What was tried", title_justify="left", title_style="bold", box=None, padding=(0, 2, 0, 0))
    for name in ("target", "examples", "seconds", "result"):
        table.add_column(name, justify="right" if name in ("examples", "seconds") else "left")
    for outcome, word in WORDS.items():
        for report in terminalreporter.stats.get(outcome, []):
            if outcome != "passed" and not getattr(report, "user_properties", ()):
                table.add_row(report.nodeid.rpartition("::")[2], "", "", word)
            for _, target, count in getattr(report, "user_properties", ()):
                table.add_row(target, f"{count:,}", f"{getattr(report, 'duration', 0):,.0f}", word)
    Screen(width=80).print(table)
