"""The survey's page in a real browser, over the city's own stack."""

from datetime import timedelta

import pytest

from chalicelib.domain.settings.questions import questionnaire
from tests.browser import MILLISECONDS
from tests.waiting import wait_until
from tests.web.conftest import PHONE
from tests.web.surveys import HARBOR, Asked, new_card, publish_harbor, violations
from tests.whole.people import now

pytestmark = pytest.mark.long

SMALL = {"viewport": {"width": 320, "height": 568}, "device_scale_factor": 2}
LARGEST_PAGE = 30_000
THREE_G = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 25_000}
"""Slow 3G: bytes a second, and milliseconds there and back."""


@pytest.fixture
def survey(stack, inside):
    return Asked(stack, inside)


@pytest.fixture
def harbor(stack, inside):
    """Return a survey with every kind of question, of an agency with a language of its own."""
    publish_harbor(stack, inside)
    return Asked(stack, inside, "harbor", questionnaire=questionnaire(HARBOR.survey.questions))


@pytest.fixture
def window(browser):
    """Open windows, and close them."""
    opened = []

    def open_(**how):
        opened.append(browser.new_context(**{**PHONE, **how}))
        opened[-1].set_default_timeout(MILLISECONDS)
        return opened[-1].new_page()

    yield open_
    for context in opened:
        context.close()


def give(page, **marks):
    for question, mark in marks.items():
        page.locator(f"input[name={question}][value='{mark}']").check()


def stored(survey, **answers):
    """Wait until a survey has these answers."""
    assert wait_until(lambda: answers.items() <= survey.answers.all.items()), survey.answers


def reaches(page, heading):
    """Wait until a page says this; it may take its time to come."""
    page.get_by_role("heading", name=heading, exact=True).wait_for()


def fits(page):
    return page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_somebody_answers_comes_back_and_changes_their_mind(screen, survey):
    requests = []
    screen.on("request", lambda request: requests.append(request.url))
    screen.goto(survey.link)
    assert (len(requests), violations(screen), fits(screen)) == (1, [], True)

    give(screen, respect=5, overall=4)
    screen.get_by_label("anything else").fill("Thank you <script>alert(1)</script>")
    screen.get_by_role("button").click()
    reaches(screen, "Thank you.")
    assert violations(screen) == []
    assert survey.answers.marks == {"respect": 5, "overall": 4}
    assert survey.answers.comments == {"comment": "Thank you <script>alert(1)</script>"}

    screen.get_by_role("link", name="Add or change").click()
    screen.get_by_text("You answered on").wait_for()
    assert (screen.locator("input:checked").count(), screen.locator("textarea").input_value()) == (0, "")
    assert violations(screen) == []
    give(screen, overall=2)
    screen.get_by_label("Delete what I wrote before").check()
    screen.get_by_role("button").click()
    reaches(screen, "Your changes were saved.")
    assert (survey.answers.marks, survey.answers.comments) == ({"respect": 5, "overall": 2}, {"comment": ""})
    assert all(url.startswith(survey.link.partition("/s/")[0]) for url in requests)
    assert screen.context.cookies() == []
    assert screen.complaints == []


def test_each_answer_is_stored_by_one_request_before_anything_is_sent(screen, survey):
    posts = []
    screen.on("request", lambda request: posts.append(request) if request.method == "POST" else None)
    screen.goto(survey.link)

    with screen.expect_response(lambda response: response.request.method == "POST"):
        give(screen, helped=2)

    assert survey.answers.marks == {"helped": 2}
    assert len(posts) == 1
    screen.get_by_role("status").filter(has_text="Saved.").wait_for()
    assert (violations(screen), screen.complaints) == ([], [])


def test_a_half_written_comment_is_kept_when_the_page_is_left(screen, survey):
    screen.goto(survey.link)
    screen.get_by_label("anything else").fill("They were kind, and")

    stored(survey, comment="They were kind, and")


def test_it_works_by_keyboard_alone(screen, survey):
    screen.goto(survey.link)
    screen.locator("input[name=respect]").first.focus()
    screen.keyboard.press("ArrowRight")  # from 1 to 2
    screen.keyboard.press("ArrowRight")
    for _ in range(5):
        screen.keyboard.press("Tab")
    screen.keyboard.type("By keyboard")
    screen.keyboard.press("Tab")
    assert screen.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    screen.keyboard.press("Enter")

    reaches(screen, "Thank you.")
    assert (survey.answers.marks, survey.answers.comments) == ({"respect": 3}, {"comment": "By keyboard"})


def test_an_empty_form_says_what_is_missing(screen, survey):
    screen.goto(survey.link)
    screen.get_by_role("button").click()

    assert screen.get_by_role("alert").inner_text() == "Please answer at least one question."
    assert (violations(screen), bool(survey.answers)) == ([], False)


@pytest.mark.parametrize("language", ["en", "es", "ar"])
@pytest.mark.parametrize("how", [PHONE, SMALL, {**SMALL, "color_scheme": "dark"}], ids=["phone", "small", "dark"])
def test_letters_and_targets_are_large_enough_and_nothing_is_cut_off(window, harbor, language, how):
    page = window(**how)
    page.goto(f"{harbor.link}?lang={language}")
    give(page, told="no")
    page.locator("input[name=missing]").first.wait_for()

    sizes = page.eval_on_selector_all("body *", "all => all.map(e => parseFloat(getComputedStyle(e).fontSize))")
    targets = page.eval_on_selector_all(
        "input:not([type=hidden]), button, textarea, .languages a",
        "all => all.map(e => e.getBoundingClientRect()).map(b => [b.width, b.height])",
    )
    assert min(sizes) >= 16
    assert len(targets) == 2 + 5 + 5 + 2 + 3 + 1 + 1
    assert all(width >= 44 and height >= 44 for width, height in targets)
    assert (fits(page), violations(page)) == (True, [])


def test_a_language_of_the_agencys_own_is_read_from_the_right(window, harbor):
    page = window(locale="ar-EG")
    page.goto(harbor.link)
    assert (page.locator("html").get_attribute("dir"), page.locator("html").get_attribute("lang")) == ("rtl", "ar")
    first, last = (page.locator(f"input[name=respect][value='{mark}']").bounding_box()["x"] for mark in (1, 5))
    assert first > last

    give(page, respect=4)
    page.get_by_role("button").click()
    reaches(page, HARBOR.survey.words["ar"].thanks)
    assert harbor.answers.marks == {"respect": 4}
    page.goto(harbor.link)
    page.get_by_role("link", name="Español").click()
    assert page.locator("html").get_attribute("lang") == "es"
    reaches(page, "¿Cómo le atendimos?")


def test_a_question_with_a_condition_comes_when_it_is_met(screen, harbor):
    screen.goto(harbor.link)
    asked = screen.get_by_text("What would have helped most?")
    assert not asked.is_visible()
    give(screen, told="no")
    assert asked.is_visible()
    give(screen, missing="paper")
    stored(harbor, told="no", missing="paper")

    give(screen, told="yes")
    assert not asked.is_visible()
    screen.get_by_role("button").click()
    reaches(screen, "Thank you.")


def test_without_scripts_it_is_the_same(window, harbor):
    page = window(java_script_enabled=False)
    page.goto(harbor.link)
    assert page.get_by_text("Only if it applies:").is_visible()
    give(page, told="no", overall=1)
    page.get_by_role("button").click()

    reaches(page, "Thank you.")
    page.get_by_role("link", name="Add or change").click()
    give(page, missing="call", overall=2)
    page.get_by_role("button").click()
    reaches(page, "Your changes were saved.")
    assert harbor.answers.all == {"told": "no", "overall": 2, "missing": "call"}


@pytest.mark.parametrize("scripts", [True, False])
def test_who_is_in_danger_is_told_of_911_at_once_and_where_they_look(window, survey, scripts):
    page = window(java_script_enabled=scripts)
    page.goto(survey.link)
    assert not page.get_by_role("link", name="Call 911").is_visible()
    page.get_by_label("anything else").fill("He is outside my house right now")
    if not scripts:
        page.get_by_role("button").click()

    page.get_by_role("link", name="Call 911").wait_for()
    assert page.get_by_role("link", name="Text 911").get_attribute("href") == "sms:911"
    box = page.get_by_role("alert").bounding_box()
    assert 0 <= box["y"] <= 200
    assert page.get_by_role("alert").filter(has_text="911").count() == 1
    assert not scripts or violations(page) == []


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_warning_leaves_the_words_that_somebody_writes_in_view(window, survey, language):
    """With the keyboard of a phone up, little of the page is left."""
    page = window(viewport={"width": 390, "height": 480})
    page.goto(f"{survey.link}?lang={language}")
    field = page.locator("textarea")
    field.evaluate("e => window.scrollTo(0, e.getBoundingClientRect().top + scrollY - 20)")
    field.fill("He is outside my house right now" if language == "en" else "Está afuera de mi casa ahora mismo")

    page.locator("#danger").wait_for()
    box = page.locator("#danger").bounding_box()
    calls = [call.bounding_box() for call in page.locator(".call").all()]
    assert field.bounding_box()["y"] >= box["y"] + box["height"]
    assert calls[0]["y"] == calls[1]["y"]
    assert all(call["height"] >= 44 and call["width"] >= 120 for call in calls)


def test_how_to_complain_stands_on_every_page(screen, harbor):
    screen.goto(harbor.link)
    link = screen.get_by_role("link", name="harbor.example/complaints")
    assert link.bounding_box()["height"] >= 44
    give(screen, respect=1)
    screen.get_by_label("anything else").fill("The officer pushed me. Please call me")
    screen.get_by_role("button").click()

    reaches(screen, "Thank you.")
    assert screen.get_by_text("To complain about an officer").is_visible()
    assert screen.get_by_text("303-555-0162").is_visible()
    assert screen.get_by_text("You asked to be contacted.").is_visible()


def test_on_a_slow_network_one_answer_and_a_page_are_enough(window, survey):
    page = window()
    network = page.context.new_cdp_session(page)
    network.send("Network.enable")
    network.send("Network.emulateNetworkConditions", THREE_G)
    answer = page.goto(survey.link)
    assert len(answer.body()) < LARGEST_PAGE
    give(page, respect=5)
    stored(survey, respect=5)

    network.send("Network.emulateNetworkConditions", {**THREE_G, "offline": True})
    give(page, overall=1)
    page.get_by_role("status").filter(has_text="Not saved yet").wait_for()
    network.send("Network.emulateNetworkConditions", THREE_G)
    stored(survey, respect=5, overall=1)


def test_a_double_tap_stores_one_answer(window, survey):
    page = window(java_script_enabled=False)
    page.goto(survey.link)
    give(page, overall=5)
    page.get_by_role("button").dblclick()
    page.get_by_text("Thank you.").wait_for()

    assert survey.answers.marks == {"overall": 5}
    assert survey.stored.doors == ("link",)


def test_the_back_button_shows_no_answers_of_a_form_that_was_sent(screen, survey):
    screen.goto(survey.link)
    give(screen, overall=3)
    screen.get_by_label("anything else").fill("For nobody else")
    screen.get_by_role("button").click()
    reaches(screen, "Thank you.")
    screen.go_back()

    screen.get_by_text("You answered on").wait_for()
    assert (screen.locator("input:checked").count(), screen.locator("textarea").input_value()) == (0, "")
    give(screen, overall=4)
    screen.get_by_role("button").click()
    reaches(screen, "Your changes were saved.")
    assert (survey.answers.marks, survey.answers.comments) == ({"overall": 4}, {"comment": "For nobody else"})


def test_a_tick_deletes_words_only_once_the_form_is_sent(screen, survey):
    screen.goto(survey.link)
    screen.get_by_label("anything else").fill("The first words")
    screen.get_by_role("button").click()
    reaches(screen, "Thank you.")
    screen.goto(survey.link)
    screen.get_by_label("Delete what I wrote before").check()
    screen.get_by_label("anything else").fill("Other words")
    stored(survey, comment="The first words\nOther words")
    screen.get_by_role("button").click()
    reaches(screen, "Your changes were saved.")

    assert survey.answers.comments == {"comment": "Other words"}


def test_two_tabs_write_to_one_survey_and_nothing_is_lost(window, survey):
    one, two = window(), window()
    one.goto(survey.link)
    two.goto(survey.link)
    one.get_by_label("anything else").fill("From the first tab")
    stored(survey, comment="From the first tab")
    give(two, respect=2)
    two.get_by_role("button").click()
    give(one, overall=4)
    one.get_by_role("button").click()

    stored(survey, respect=2, overall=4, comment="From the first tab")


GONE = [
    ({"expires_at": now() - timedelta(days=1)}, 410, "This survey has ended.", "Esta encuesta ya terminó."),
    (None, 404, "This link does not work.", "Este enlace no funciona."),
]


@pytest.mark.parametrize(("how", "status", "english", "spanish"), GONE, ids=["expired", "unknown"])
def test_a_link_that_does_not_lead_on_says_why_kindly(window, stack, inside, how, status, english, spanish):
    for locale, language, told in (("en-US", "en", english), ("es-MX", "es", spanish)):
        link = Asked(stack, inside, language=language, **how).link if how else f"{stack.api}/s/AAAAAAAAAAAAA"
        page = window(locale=locale, **SMALL)
        answer = page.goto(link)

        reaches(page, told)
        assert answer.status == status
        assert "911" in page.locator("main").inner_text()
        assert (violations(page), fits(page), page.locator("form").count()) == ([], True, 0)


def test_an_answered_survey_closes_kindly(screen, stack, inside):
    survey = Asked(stack, inside)
    screen.goto(survey.link)
    give(screen, overall=5)
    stored(survey, overall=5)
    survey.close()
    screen.goto(survey.link)

    reaches(screen, "Your answers are in.")
    assert violations(screen) == []


def test_a_card_begins_a_survey_for_each_of_so_many_people(window, stack, inside):
    card = new_card(stack, inside, uses=2)
    one, two, three = window(), window(java_script_enabled=False), window()
    for page in (one, two, three):
        page.goto(card)
        assert "Your call" not in page.locator("main").inner_text()
    with one.expect_response(lambda response: response.request.method == "POST"):
        give(one, respect=5)
    one.wait_for_url(lambda url: url.partition("?")[0] != card)
    give(one, overall=4)
    one.get_by_role("button").click()
    reaches(one, "Thank you.")
    give(two, overall=1)
    two.get_by_role("button").click()
    reaches(two, "Thank you.")

    give(three, overall=2)
    three.get_by_role("button").click()
    reaches(three, "This card has been used up.")
    assert violations(three) == []
    one.get_by_role("link", name="Add or change").click()
    one.get_by_text("You answered on").wait_for()
