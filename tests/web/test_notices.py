"""The unsubscribe page and the page about real texts, in a real browser, over the city's own stack."""

from datetime import timedelta
from uuid import uuid4

import pytest

from chalicelib.domain.notifications.text_code import code_hash
from chalicelib.domain.people.consent import Person, unsubscribe_token
from tests.browser import MILLISECONDS
from tests.web.surveys import violations
from tests.whole.people import now

CODE = "ABC234"


@pytest.fixture
def link(stack, inside):
    """Return an unsubscribe link, and a way to see what holds."""
    email = f"n{uuid4().hex[:8]}@people.example"
    person = Person("springfield", inside.aws.contacts.reference(email))
    token = unsubscribe_token(inside.aws.unsubscribe_secret, person)
    return f"{stack.api}/u/{token}", lambda: inside.aws.contacts.load("springfield", email, now().date()).opted_out


@pytest.fixture
def real(stack, inside):
    items = inside.aws.surveys._items
    items(f"code#{code_hash('springfield', CODE)}", expires=now() + timedelta(days=1)).save()
    return f"{stack.api}/real/springfield"


def colour(screen, button):
    return screen.get_by_role("button", name=button).evaluate("e => getComputedStyle(e).backgroundColor")


def test_somebody_wants_fewer_emails_and_changes_their_mind(screen, link):
    address, holds = link
    screen.goto(address)
    assert (holds(), violations(screen)) == (None, [])
    stop = colour(screen, "Stop all messages")

    screen.get_by_role("button", name="Stop surveys only").click()
    assert screen.get_by_role("status").inner_text() == "You will get no more surveys."
    assert (holds(), violations(screen)) == ("surveys", [])
    undo = colour(screen, "Get messages again")
    assert stop != undo
    screen.get_by_role("button", name="Get messages again").click()
    assert holds() is None
    screen.goto(address)
    screen.get_by_role("button", name="Stop all messages").click()
    assert holds() == "all"
    assert screen.complaints == []


def test_a_text_is_real_if_its_code_is(screen, real):
    screen.goto(real)
    assert "(303) 555-0199" in screen.locator("dl").inner_text()
    call = screen.get_by_role("link", name="303-555-0100")
    assert (call.get_attribute("href"), call.bounding_box()["height"] >= 44) == ("tel:+13035550100", True)
    assert violations(screen) == []

    for typed, role, words in ((CODE.lower(), "status", "Yes"), ("ABC235", "alert", "We can't confirm this code.")):
        screen.get_by_label("Code in the text").fill(typed)
        screen.get_by_role("button").click()
        told = screen.get_by_role(role)
        assert told.inner_text().startswith(words)
        assert told.locator("strong").inner_text() == told.locator("p").first.inner_text()
        assert violations(screen) == []
    assert screen.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert screen.complaints == []


def test_the_bare_address_leads_to_the_page_about_real_texts(screen, stack):
    answer = screen.goto(f"{stack.api}/")
    assert (answer.status, violations(screen)) == (200, [])
    screen.locator('a[href$="/real/springfield"]').click()

    screen.get_by_role("heading", name="Is this text real?").wait_for()
    assert screen.complaints == []


@pytest.mark.parametrize("page", ["real/springfield", "real/nobody", "u/x", ""])
def test_spanish_is_spoken_where_the_browser_asks_for_it(browser, stack, real, page):
    window = browser.new_context(locale="es-MX", color_scheme="dark", java_script_enabled=True).new_page()
    window.set_default_timeout(MILLISECONDS)
    requests = []
    window.on("request", lambda request: requests.append(request.url))
    window.goto(f"{stack.api}/{page}")

    assert window.locator("html").get_attribute("lang") == "es"
    assert "En una emergencia" in window.locator("main").inner_text()
    assert (len(requests), violations(window)) == (1, [])


def test_letters_and_targets_are_large_enough(screen, real, link):
    for address in (real, link[0], real.partition("/real/")[0] + "/"):
        screen.goto(address)
        sizes = screen.eval_on_selector_all("body *", "all => all.map(e => parseFloat(getComputedStyle(e).fontSize))")
        targets = screen.eval_on_selector_all(
            "input, button, .again, .line",
            "all => all.map(e => e.getBoundingClientRect()).map(b => [b.width, b.height])",
        )
        assert min(sizes) >= 16
        assert all(width >= 44 and height >= 44 for width, height in targets)
