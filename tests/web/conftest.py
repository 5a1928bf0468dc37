"""A real browser: Debian's Chromium, through Playwright."""

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
PHONE = {"viewport": {"width": 360, "height": 740}, "device_scale_factor": 2}
DESKTOP = {"viewport": {"width": 1280, "height": 900}}


@pytest.fixture(scope="session")
def browser():
    if CHROMIUM is None:
        pytest.fail("there is no Chromium: `make test` installs it")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET, timeout=MILLISECONDS)
        yield started
        started.close()


@pytest.fixture(params=["phone", "desktop"])
def screen(request, browser):
    """Return a fresh window of either size, and fail on anything that the page complains about."""
    context = browser.new_context(**(PHONE if request.param == "phone" else DESKTOP))
    context.set_default_timeout(MILLISECONDS)
    page = context.new_page()
    page.complaints = []
    page.on("console", lambda message: page.complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    yield page
    context.close()
