"""The phones page: what a newcomer watches."""

from axe_playwright_python.sync_playwright import Axe

from tests.e2e.people import Caller


def test_a_text_appears_and_can_be_answered(screen, stack):
    caller = Caller(stack)
    screen.goto(stack.carrier)
    caller.call("WELFARE")
    thread = screen.locator("article", has_text=caller.number)
    thread.wait_for(timeout=20_000)

    thread.get_by_role("textbox").fill("STOP")
    thread.get_by_role("button").click()

    thread.locator("li.person", has_text="STOP").first.wait_for(timeout=5_000)
    thread.locator("li.about", has_text="delivered").first.wait_for(timeout=20_000)
    assert [found["id"] for found in Axe().run(screen).response["violations"]] == []
    assert screen.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert screen.complaints == []
