"""The survey's page in a real browser, over the city's own stack."""

from datetime import timedelta
from uuid import uuid4

import pytest
from axe_playwright_python.sync_playwright import Axe

from chalicelib.domain.identity import Kind, NotificationKey
from chalicelib.domain.survey import Survey
from chalicelib.domain.token import survey_token, token_hash
from chalicelib.store.document import encode
from tests.e2e.people import now


@pytest.fixture
def survey(stack, inside):
    """Return a survey that has just been asked: its link, and a way to see its answer."""
    key = NotificationKey("springfield", f"B{uuid4().hex[:10]}", Kind.SURVEY, "1")
    token = survey_token(b"browser", key)
    asked = Survey(
        token_hash=token_hash(token),
        notification=key,
        settings_version=1,
        asked_at=now(),
        expires_at=now() + timedelta(days=30),
        keep_until=now() + timedelta(days=31),
    )
    table = inside.aws.surveys
    table._items(asked.token_hash, document=encode(asked), expires=asked.keep_until).save()
    return f"{stack.api}/s/{token}", lambda: table.load(asked.token_hash).answers


def violations(page):
    results = Axe().run(page).response["violations"]
    return [(found["id"], [node["html"] for node in found["nodes"]][:2]) for found in results]


def test_somebody_answers_and_comes_back(screen, survey):
    link, stored = survey
    requests = []
    screen.on("request", lambda request: requests.append(request.url))
    screen.goto(link)
    assert (len(requests), violations(screen)) == (1, [])

    for question, mark in (("respect", 5), ("overall", 4)):
        screen.locator(f"input[name={question}][value='{mark}']").check()
    screen.get_by_label("anything else").fill("Thank you <script>alert(1)</script>")
    screen.get_by_role("button").click()

    assert screen.get_by_role("heading").inner_text() == "Thank you."
    assert stored().marks == {"respect": 5, "overall": 4}
    assert stored().comments == {"comment": "Thank you <script>alert(1)</script>"}
    screen.goto(link)
    assert screen.get_by_role("heading").inner_text() == "These questions have been answered."
    assert violations(screen) == []
    assert screen.complaints == []


def test_it_works_by_keyboard_alone(screen, survey):
    link, stored = survey
    screen.goto(link)
    screen.keyboard.press("Tab")
    screen.keyboard.press("ArrowRight")  # from 1 to 2
    screen.keyboard.press("ArrowRight")
    for _ in range(6):
        screen.keyboard.press("Tab")
    screen.keyboard.press("Enter")

    assert screen.get_by_role("heading").inner_text() == "Thank you."
    assert stored().marks == {"respect": 3}


def test_an_empty_form_says_what_is_missing(screen, survey):
    link, stored = survey
    screen.goto(link)
    screen.get_by_role("button").click()

    assert screen.get_by_role("alert").inner_text() == "Please answer at least one question."
    assert violations(screen) == []
    assert not stored()


def test_letters_and_targets_are_large_enough_and_nothing_is_cut_off(screen, survey):
    screen.goto(survey[0])

    sizes = screen.eval_on_selector_all("body *", "all => all.map(e => parseFloat(getComputedStyle(e).fontSize))")
    targets = screen.eval_on_selector_all(
        "input, button, textarea", "all => all.map(e => e.getBoundingClientRect()).map(b => [b.width, b.height])"
    )
    assert min(sizes) >= 16
    assert all(width >= 44 and height >= 44 for width, height in targets)
    assert screen.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_page_is_small(screen, survey):
    answer = screen.goto(survey[0])

    assert len(answer.body()) < 12_000


def test_dark_mode_can_be_read(browser, survey):
    page = browser.new_context(color_scheme="dark").new_page()
    page.goto(survey[0])

    assert violations(page) == []


def test_without_scripts_it_is_the_same(browser, survey):
    link, stored = survey
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(link)
    page.locator("input[name=overall][value='1']").check()
    page.get_by_role("button").click()

    assert stored().marks == {"overall": 1}
