from datetime import timedelta

import pytest

from chalicelib.domain.identity import Kind, NotificationKey
from chalicelib.domain.survey import LINK_LIFE, Survey
from chalicelib.domain.token import survey_token, token_hash
from chalicelib.flow.survey import answer_survey, show_survey
from tests.factories import NOW, after
from tests.flow.city import ports

KEY = NotificationKey("springfield", "P26-1", Kind.SURVEY, "1", 0)
TOKEN = survey_token(b"secret", KEY)


@pytest.fixture
def world():
    asked = ports()
    survey = Survey(
        token_hash=token_hash(TOKEN),
        notification=KEY,
        settings_version=1,
        asked_at=NOW,
        expires_at=NOW + LINK_LIFE,
        keep_until=NOW + timedelta(days=400),
    )
    asked.surveys.claim(survey)
    return asked


def stored(world):
    return world.surveys.load(token_hash(TOKEN))


def test_a_link_shows_the_questions(world):
    page = show_survey(TOKEN, world, NOW)

    assert (page.standing, page.agency.agency_id) == ("open", "springfield")


def test_looking_any_number_of_times_changes_nothing(world):
    before = stored(world)
    for _ in range(3):
        show_survey(TOKEN, world, NOW)

    assert stored(world) is before


def test_an_answer_is_stored_once(world):
    assert answer_survey(TOKEN, {"overall": "5", "comment": "Thanks"}, world, after(3)).standing == "thanks"
    assert answer_survey(TOKEN, {"overall": "1"}, world, after(4)).standing == "answered"

    survey = stored(world)
    assert (survey.answers.marks, survey.answers.comments, survey.answered_at) == (
        {"overall": 5},
        {"comment": "Thanks"},
        after(3),
    )


def test_two_answers_at_once_store_one(world):
    page = show_survey(TOKEN, world, NOW)
    answer_survey(TOKEN, {"overall": "5"}, world, NOW)
    load = world.surveys.load
    world.surveys.load = lambda name: page.survey

    assert answer_survey(TOKEN, {"overall": "1"}, world, NOW).standing == "answered"
    assert load(token_hash(TOKEN)).answers.marks == {"overall": 5}


def test_an_answer_that_is_none_shows_the_question_again_with_what_was_given(world):
    page = answer_survey(TOKEN, {"overall": "7", "respect": "4"}, world, NOW)

    assert (page.standing, page.problem, page.given["respect"]) == ("invalid", "overall", "4")
    assert stored(world).answered_at is None


def test_nothing_answered_is_asked_for_again(world):
    assert answer_survey(TOKEN, {}, world, NOW).standing == "nothing"


@pytest.mark.parametrize("token", ["", "x", "a" * 13, "../../etc/pass", TOKEN[:-1], TOKEN + "x", "é" * 13])
def test_an_unknown_link_is_a_page_too(world, token):
    assert show_survey(token, world, NOW).standing == "unknown"
    assert answer_survey(token, {"overall": "5"}, world, NOW).standing == "unknown"


def test_a_link_ends_after_30_days(world):
    assert show_survey(TOKEN, world, NOW + LINK_LIFE - timedelta(seconds=1)).standing == "open"
    assert show_survey(TOKEN, world, NOW + LINK_LIFE).standing == "unknown"
