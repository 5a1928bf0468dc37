"""Conversations in a real browser: by thumb, by keyboard, without a script, in the dark and in Spanish."""

import pytest
from msgspec.structs import replace

from tests.factories import caller
from tests.flow.people.test_conversation import RULES
from tests.web.desk.serving import filled
from tests.web.desk.test_browser import EACH_SCREEN, violations, window  # noqa: F401  a fixture
from tests.web.desk.test_conversations import OURS, answers, deliver, hear, keyed, use
from tests.web.desk.world import story

LIST = "/desk/springfield/conversations"
MANY = replace(
    RULES,
    answers={
        **RULES.answers,
        "on_our_way": {
            "en": "{{ agency }}: an officer is on the way. If it gets worse, call 911.",
            "es": "{{ agency }}: un agente va en camino. Si empeora, llame al 911.",
        },
        "call_us": {
            "en": "{{ agency }}: please call us at {{ non_emergency }}.",
            "es": "{{ agency }}: por favor llame al {{ non_emergency }}.",
        },
    },
)


def busy(world):
    """Let people text back: one in danger, one who waits too long, one who waits, and one whom nobody knows."""
    use(world, replace(OURS, conversation=MANY))
    told = [("+13035550131", 34, "he has a gun and he is outside"), ("+13035550132", 25, "Is anybody coming? " * 7)]
    told += [("+13035550133", 3, "thanks")]
    for number, (phone, minutes, words) in enumerate(told):
        story(world, f"P26-{number + 5}", minutes=60, parties={"1": caller(phone)})
        hear(world, words, minutes, phone)
    story(world, minutes=30)
    hear(world)
    hear(world, "wrong number?", 1, "+13035550139")


@pytest.fixture
def desk(world):
    """Serve a desk of the test's own at which people have texted back."""
    with filled(busy, "supervisor", world=world):
        yield world


@pytest.fixture(scope="module")
def full():
    """Serve one that nobody changes."""
    with filled(busy, "supervisor") as world:
        yield world


def thread(desk, phone="+13035550123"):
    return f"/desk/springfield/conversation?with={keyed(desk, phone)}"


@pytest.mark.parametrize(("size", "scheme"), EACH_SCREEN)
@pytest.mark.parametrize("where", ["list", "thread", "danger"])
def test_everybody_can_read_it(full, window, where, size, scheme):  # noqa: F811  a fixture
    path = {"list": LIST, "thread": thread(full), "danger": thread(full, "+13035550131")}[where]
    page = window(full, path, size, color_scheme=scheme)

    assert violations(page) == []
    assert page.locator("h1").count() == 1
    assert page.title().startswith(page.locator("h1").inner_text())
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize("where", ["list", "thread"])
def test_it_is_all_there_in_spanish_at_360_pixels(full, window, where):  # noqa: F811  a fixture
    page = window(full, LIST if where == "list" else thread(full), "narrow", locale="es")

    assert page.locator("html").get_attribute("lang") == "es"
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize("script", [True, False])
def test_an_answer_is_sent_by_keyboard_alone(desk, window, script):  # noqa: F811  a fixture
    page = window(desk, LIST, java_script_enabled=script)
    page.get_by_role("link", name="Open …0123").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/conversation?with=*")
    page.get_by_role("radio").first.focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Send the chosen text").focus()
    page.keyboard.press("Enter")
    page.get_by_text("On its way.").wait_for()
    deliver(desk)
    page.get_by_role("link", name="Look again").click()
    page.get_by_text("Sent.", exact=True).wait_for()

    assert len(answers(desk)) == 1
    assert "3035550123" not in page.url


def test_a_press_without_a_choice_says_what_to_do(desk, window):  # noqa: F811  a fixture
    page = window(desk, thread(desk))
    page.get_by_role("button", name="Send the chosen text").click()
    page.get_by_text("Choose a text first. Nothing was sent.").wait_for()

    assert violations(page) == []
    assert answers(desk) == []


def test_i_have_read_it_is_one_press(desk, window):  # noqa: F811  a fixture
    page = window(desk, thread(desk))
    page.get_by_role("button", name="I have read it").click()
    page.get_by_text("Read by Dana Ruiz").wait_for()

    assert page.get_by_role("button", name="I have read it").count() == 0
