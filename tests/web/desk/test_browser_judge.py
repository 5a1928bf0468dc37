"""Judging words in a real browser: an hour's work by keyboard, on either screen, with a script and without."""

import pytest

from chalicelib.domain.approval import Author
from chalicelib.domain.desk.judging import Draft
from chalicelib.domain.desk.pending import hashed
from tests.factories import judged
from tests.web.desk.judging import JUDGE, REVIEW, comes, strict, value
from tests.web.desk.serving import filled
from tests.web.desk.test_browser import EACH_SCREEN, SMALL, violations, window  # noqa: F401  a fixture

SCREEN = 25
TYPES = ("Loud music", "Barking dog", "Parking complaint", "Found property", "Illegal dumping")


def fill(world):
    """Let 40 plain values come, and one of each kind that needs more."""
    strict(world, judged("incident_type", "415", "Loud party", "never"))
    for number in range(40):
        comes(world, value(f"T{number:02}", f"{TYPES[number % 5]} {chr(65 + number % 26)}x"), 90 - number)
    comes(world, value("DV", "Domestic assault"), 8)
    comes(world, value("10-91"), 7)
    comes(world, value("IN PROGRESS", field="type_modifier"), 6)
    comes(world, value("\u0627\u0644\u0639\u0631\u0628\u064a\u0629", "\u202eabc " + "LONG" * 60), 5)
    proposed = value("415M", "Music at night")
    comes(world, proposed, 30)
    ana = Author("desk:id.example:ana", "Ana Ruiz")
    draft = Draft(item=proposed, verdict="dull", meaning=proposed.text, judge=ana, at=world.now)
    world.judging.draft("springfield", draft)


@pytest.fixture
def desk(world):
    """Serve a desk with values to judge."""
    with filled(fill, "words", "approver", world=world):
        yield world


@pytest.fixture(scope="module")
def full():
    """Serve such a desk to look at."""
    with filled(fill, "words", "approver") as world:
        yield world


@pytest.mark.parametrize(("size", "scheme"), EACH_SCREEN)
@pytest.mark.parametrize("path", [JUDGE, REVIEW])
def test_everybody_can_read_both_pages_on_each_screen_by_day_and_night(full, window, path, size, scheme):  # noqa: F811
    page = window(full, path, size, color_scheme=scheme, locale="es" if size == "narrow" else "en")

    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.eval_on_selector_all("button, main a, nav a, input[type=text], .verdicts label", SMALL) == []


@pytest.mark.parametrize("locale", ["en", "es"])
def test_a_screen_of_25_values_takes_one_key_a_value_and_one_to_send(desk, window, locale):  # noqa: F811
    page = window(desk, JUDGE, "desktop", locale=locale)
    keys = {"en": "dawns", "es": "cabnd"}[locale]
    pressed = [keys[number % 5] for number in range(SCREEN)]
    for one in pressed:
        page.keyboard.press(one)
    page.keyboard.press("Enter")
    page.wait_for_selector(".done")
    drafts = [one for one in desk.judging.drafts("springfield") if one.judge.name == "Dana Ruiz"]

    assert len(pressed) + 1 <= 2 * SCREEN
    assert len(drafts) == SCREEN
    assert sum(one.state == "in_force" for one in drafts) == 10
    assert page.locator("fieldset").first.locator("legend").inner_text().startswith("T25")


def test_without_a_script_arrows_and_tab_take_two_keys_a_value_at_most_for_the_usual_answer(desk, window):  # noqa: F811
    page = window(desk, JUDGE, "desktop", java_script_enabled=False)
    page.locator("fieldset input[type=radio]:checked").first.focus()
    for _ in range(SCREEN):
        page.keyboard.press("ArrowRight")
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector(".done")

    assert len([one for one in desk.judging.drafts("springfield") if one.verdict == "dull"]) == SCREEN + 1


def test_1000_values_are_judged_by_keyboard_with_1040_keys(desk, window):  # noqa: F811
    letters = [chr(65 + number) for number in range(26)]
    for number in range(1000):
        code = f"N{letters[number // 40]}X{letters[number % 40 // 2]}Y{letters[number % 2]}Z"
        comes(desk, value(code, "Noise complaint"), 2000 - number)
    page, pressed, most = window(desk, JUDGE, "desktop"), 0, 0
    for _ in range(1000 // SCREEN):
        for _ in range(SCREEN):
            page.keyboard.press("d")
        desk.calls.clear()
        with page.expect_navigation():
            page.keyboard.press("Enter")
        pressed += SCREEN + 1
        most = max(most, desk.calls["judging.values"] + desk.calls["judging.drafts"])
    proposed = [one for one in desk.judging.drafts("springfield") if one.item.code.startswith("N")]

    assert len(proposed) == 1000
    assert pressed / len(proposed) <= 1.04
    assert most == 4  # what there is, before and after the screen is saved, on the first screen and on the last


def test_a_value_that_looks_sensitive_asks_for_a_reason_before_the_next(desk, window):  # noqa: F811
    page = window(desk, f"{JUDGE}?known=yes", "desktop")
    field = page.locator("fieldset", has_text="DV = ")
    field.locator("input[type=radio]").first.focus()
    page.keyboard.press("d")
    asked = page.evaluate("document.activeElement.name")

    assert asked.startswith("r.")


def test_a_form_that_met_a_locked_desk_is_sent_once_more_and_nothing_is_lost(desk, window):  # noqa: F811
    page = window(desk, JUDGE)
    page.locator("fieldset").first.get_by_text("dull").click()
    desk.sessions.close(desk.sessions.find(hashed(desk.cookie)))
    page.get_by_role("button", name="Save this page").click()
    page.wait_for_selector("text=It is kept on this page")
    kept = page.locator("input[type=hidden][value=dull]").count()
    desk.signed_in("words", "approver", cookie=desk.cookie)
    page.get_by_role("button", name="Send it once more").click()
    page.wait_for_selector(".done")

    assert kept == 1
    assert len(desk.judging.drafts("springfield")) == 2


def test_a_second_person_approves_by_keyboard(desk, window):  # noqa: F811
    page = window(desk, REVIEW, "desktop")
    page.keyboard.press("a")
    page.keyboard.press("Enter")
    page.wait_for_selector(".done")
    entry = desk.settings.agency("springfield").judgements.entries[-1]

    assert entry.judged_by == ("Ana Ruiz", "Dana Ruiz")
