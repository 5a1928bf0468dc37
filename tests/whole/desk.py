"""The agency's people at the desk, each in a browser of their own."""

import re
from contextlib import contextmanager

from tests.browser import MILLISECONDS

AT_THE_PROVIDER = re.compile(r"/(oauth2/)?authorize\?")


@contextmanager
def window(browser, **more):
    """Open a window that knows nothing of any other, and yield its page."""
    context = browser.new_context(**more)
    context.set_default_timeout(MILLISECONDS)
    try:
        yield context.new_page()
    finally:
        context.close()


def person(stack, name):
    """Return one of the city's people."""
    return next(each for each in stack.people if each.name == name)


def ask(page, address, at=AT_THE_PROVIDER):
    """Open a page of the desk without a session, press its button, and wait for the provider's own page."""
    page.goto(address)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(at)


def prove(page, who, back="**/desk/**"):
    """Type somebody's name and password into the provider's page, and wait for the desk."""
    page.locator("[name=username]").fill(who.username)
    page.locator("[name=password]").fill(who.password)
    page.locator("form [type=submit], form button").first.click()
    page.wait_for_url(back)


def sign_in(page, address, who, at=AT_THE_PROVIDER):
    """Sign somebody in at the desk."""
    ask(page, address, at)
    prove(page, who)


def ask_again(page, desk):
    """Press the button of a page that asks for a fresh sign-in: nothing grave has a page yet, so a form is made."""
    page.goto(f"{desk.rstrip('/')}/sign-in")
    page.evaluate("document.querySelector('main form').insertAdjacentHTML('beforeend', '<input name=again value=1>')")
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(AT_THE_PROVIDER)


def heading(page):
    """Return what a page is called."""
    return page.locator("h1").inner_text()
