"""The phones page: what a newcomer watches."""

from axe_playwright_python.sync_playwright import Axe

from tests.whole.people import Caller, now


def test_a_text_appears_and_can_be_answered(screen, stack):
    caller = Caller(stack)
    screen.goto(stack.carrier)
    caller.call("WELFARE")
    thread = screen.locator("article", has_text=caller.number)
    thread.wait_for()

    thread.get_by_role("textbox").fill("STOP")
    thread.get_by_role("button").click()

    thread.locator("li.person", has_text="STOP").first.wait_for()
    thread.locator("li.about", has_text="delivered").first.wait_for()
    assert [found["id"] for found in Axe().run(screen).response["violations"]] == []
    assert screen.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert screen.complaints == []


def test_an_email_has_the_button_that_a_mail_program_shows(screen, stack):
    caller = Caller(stack)
    email = f"{caller.number.lower()}@people.example"
    screen.goto(stack.carrier)
    party = {"party_id": "1", "role": "caller", "contact_kind": "personal", "email": email}
    caller.tell(origin="911", incident_type="WELFARE", priority="3", received_at=now(), reporting_parties=[party])
    thread = screen.locator("article", has_text=email)
    thread.wait_for()

    link = thread.get_by_role("link", name="Unsubscribe", exact=True).first  # a delay may be told by now

    assert "/u/springfield." in link.get_attribute("href")
    assert [found["id"] for found in Axe().run(screen).response["violations"]] == []
