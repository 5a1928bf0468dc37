"""Each comment is listed for whoever decides whether a report may quote it; an allegation and its survey never are."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from chalicelib.domain.lake.written import changes, written
from chalicelib.domain.surveys.survey import Answers
from chalicelib.flow.surveys.answer import answer_survey
from chalicelib.flow.surveys.keep_answer import unlist
from chalicelib.ports.errors import Conflict
from tests.factories import NOW, after
from tests.flow.surveys.test_answer import TOKEN, asked, with_survey

HIT = "The officer hit me."
KIND = "They were kind."


def answer(world, words, minutes=1):
    return answer_survey(TOKEN, {"overall": "3", "comment": words, "seen": "1"}, "en", world, after(minutes))


def new(world):
    return world.comments.page("springfield", "new", 9)[0]


def test_a_comment_is_listed_once_it_rests_and_its_page_finds_its_survey():
    world = with_survey()
    answer(world, KIND)
    answer_survey(TOKEN, {"overall": "4"}, "en", world, after(9))
    (one,) = new(world)
    rest = world.settings.agency("springfield").survey.follow_up.rest

    assert [each.id for each in written(world.surveys.load(one.survey))] == [one.id]
    assert (one.day, one.question, one.since) == (NOW.date(), "comment", after(1) + rest)
    assert (one.shown(after(1)), one.shown(after(1) + rest)) == (False, True)
    assert KIND not in repr(one)


def test_marks_alone_write_no_list():
    world = with_survey()
    world.comments = None
    answer_survey(TOKEN, {"overall": "4"}, "en", world, after(9))

    assert world.surveys.load(asked().token_hash).answers.marks == {"overall": 4}


def test_an_allegation_takes_its_survey_off_the_list_and_the_same_survey_without_one_waits_again():
    world = with_survey()
    answer(world, KIND)
    answer(world, HIT, 2)
    assert new(world) == ()

    answer(world, KIND, 3)
    assert len(new(world)) == 1


def test_of_an_anonymous_survey_no_instant_is_listed():
    world = with_survey(anonymous=True, notification=None)
    answer(world, KIND)

    assert [one.since for one in new(world)] == [None]


def test_a_person_who_is_erased_is_on_no_list():
    world = with_survey()
    answer(world, KIND)
    unlist(world.surveys.load(asked().token_hash), world)

    assert new(world) == ()


def test_a_comment_is_listed_also_where_the_function_dies_before_its_survey_is_written_or_is_overtaken():
    """The list comes first: words that are not there are left out by their page; words without a line are lost."""
    world = with_survey()
    put = world.surveys.put

    def dies(_survey):
        world.surveys.put = put
        raise Conflict

    world.surveys.put = dies
    answer(world, KIND)
    assert [one.survey for one in new(world)] == [asked().token_hash]


class Killed(BaseException):
    """The function is stopped: nothing catches it."""


@pytest.mark.parametrize("words", ["", "They were slow.", HIT])
def test_a_comment_stays_listed_where_the_function_dies_before_what_takes_it_back_is_written(words):
    world = with_survey()
    answer(world, KIND)
    put, world.surveys.put = world.surveys.put, killed
    seen = str(world.surveys.load(asked().token_hash).version)
    with pytest.raises(Killed):
        answer_survey(TOKEN, {"comment": words, "seen": seen}, "en", world, after(2))
    world.surveys.put = put

    survey = world.surveys.load(asked().token_hash)
    assert [one.comment for one in written(survey)] == [KIND]
    assert [one.id for one in new(world)] == [one.id for one in written(survey)]


def killed(_survey):
    raise Killed


def test_a_comment_that_an_allegation_overtakes_is_on_no_list():
    world = with_survey()
    put = world.surveys.put

    def overtaken(survey):
        world.surveys.put = put
        put(replace(survey, answers=Answers(remarks={"overall": HIT})))
        raise Conflict

    world.surveys.put = overtaken
    answer(world, KIND)
    assert new(world) == ()


SAID = st.dictionaries(st.sampled_from("ab"), st.sampled_from(["", KIND, "It was slow.", HIT]))


@settings(max_examples=60)
@given(st.lists(st.builds(Answers, comments=SAID, remarks=SAID), min_size=1, max_size=4))
def test_whatever_is_written_and_taken_back_the_list_is_what_others_may_read(answers):
    listed, survey = {}, replace(asked(), answers=Answers())
    for each in answers:
        newer = replace(survey, answers=each)
        found = changes(survey, newer)
        listed = {name: words for name, words in listed.items() if name not in found.gone}
        listed |= {one.id: one.words for one in found.anew}
        survey = replace(newer, changed_at=NOW + timedelta(minutes=1))

        stands = {one.id: one.words for one in written(survey) if one.comment}
        assert listed == stands


@pytest.mark.parametrize("words", [HIT, "They are racist pigs and beat me"])
def test_an_allegation_is_blank_with_all_beside_it(words):
    said = replace(asked(), answers=Answers(comments={"a": KIND}, remarks={"b": words}))

    assert [one.comment for one in written(said)] == ["", ""]
