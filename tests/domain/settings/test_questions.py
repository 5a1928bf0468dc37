"""A mistake in a set of questions is named by its place and field."""

import pytest

from chalicelib.domain.settings.questions import Choice, OnlyIf, Question, question_problems

TEXT = {"en": "How was it?"}
FIRST = Question(id="overall", text=TEXT)
WORDS = Question(id="comment", kind="text", text=TEXT)


def asked_if(question, *answers):
    return Question(id="why", kind="text", text=TEXT, only_if=OnlyIf(question=question, answers=answers))


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        (asked_if("nothing", "1"), "nothing is no question with marks before this one"),
        (asked_if("comment", "1"), "comment is no question with marks before this one"),
        (asked_if("overall", "1", "6"), "overall has no such answer"),
    ],
)
def test_a_condition_is_on_an_answer_that_an_earlier_question_has(condition, said):
    assert [*question_problems((FIRST, WORDS, condition))] == [(2, "only_if", said)]


def test_a_condition_on_what_was_asked_before_is_none():
    assert [*question_problems((FIRST, asked_if("overall", "1", "2"), WORDS))] == []


def test_an_answer_is_read_as_its_kind_has_it():
    told = Question(id="told", kind="yes_no", text=TEXT)
    way = Question(
        id="way", kind="choice", text=TEXT, choices=(Choice(id="desk", text=TEXT), Choice(id="phone", text=TEXT))
    )

    assert [told.read(text) for text in ("yes", "no", "maybe", "1")] == ["yes", "no", None, None]
    assert [way.read(text) for text in ("desk", "phone", "1")] == ["desk", "phone", None]
    assert [FIRST.read(text) for text in ("1", "5", "0", "6", "yes")] == [1, 5, None, None, None]
    assert [WORDS.read(text) for text in ("", "kind")] == [None, "kind"]
