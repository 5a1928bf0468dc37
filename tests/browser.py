"""A real browser: Debian's Chromium, through Playwright. A process can have one, whichever tests it runs."""

import shutil

import pytest
from playwright.sync_api import sync_playwright

from tests.waiting import LONGEST

MILLISECONDS = LONGEST * 1000
"""How long a page may take, in the unit of Playwright."""

NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
"""The first has the pages without the windows around them: a fresh page costs a quarter of what it costs the others."""

CHROMIUM = next(filter(None, map(shutil.which, NAMES)), None)
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def browser():
    if CHROMIUM is None:
        pytest.fail("there is no Chromium: `make test` installs it")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET, timeout=MILLISECONDS)
        yield started
        started.close()
