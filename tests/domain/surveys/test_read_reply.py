"""A table of what people text back to a survey's questions; the ambiguous ones are expected to be asked again."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.settings.questions import Choice, Question, Unread
from chalicelib.domain.surveys.read_reply import read_mark, remark

TEXT = {"en": "How was it?", "es": "¿Cómo fue?"}
QUESTIONS = {
    "scale": Question(id="overall", text=TEXT),
    "yes_no": Question(id="told", kind="yes_no", text=TEXT),
    "choice": Question(
        id="way",
        kind="choice",
        text=TEXT,
        choices=(
            Choice(id="phone", text={"en": "By phone", "es": "Por teléfono"}),
            Choice(id="online", text={"en": "Online", "es": "En línea"}),
            Choice(id="desk", text={"en": "At the desk", "es": "En persona"}),
        ),
    ),
    "text": Question(id="comment", kind="text", text=TEXT),
}


def table():
    kind, rows = "", []
    for line in Path(__file__).with_name("survey_replies.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            kind = line[1:].partition("]")[0]
        elif line and not line.startswith("# "):
            reply, _, told = line.rpartition(" => ")
            rows.append((kind, reply.replace("\\n", "\n"), told))
    return rows


ROWS = table()


def expected(kind, reply, told):
    if told in ("?", "-"):
        return Unread.UNCLEAR if told == "?" else Unread.NO_MORE
    return reply if told == "=" else int(told) if kind == "scale" else told


def read(reply, kind="scale", language="en"):
    return read_mark(reply, QUESTIONS[kind], language)


def test_the_table_is_long_and_in_two_languages():
    assert len({reply for _, reply, _ in ROWS}) >= 300
    assert {kind for kind, _, _ in ROWS} == set(QUESTIONS)


@pytest.mark.parametrize(("kind", "reply", "told"), ROWS)
def test_a_reply_is_read_as_a_person_would(kind, reply, told):
    assert read(reply, kind) == expected(kind, reply, told)


@pytest.mark.parametrize("kind", QUESTIONS)
def test_case_space_and_the_language_asked_in_say_nothing(kind):
    for of, reply, told in ROWS:
        if of == kind and kind != "text":
            wanted = expected(kind, reply, told)
            spaced = reply.replace(" ", "  ")
            assert read(f"  {reply.upper()} ", kind, "es") == read(reply.lower(), kind) == wanted, reply
            assert read(f"\n{spaced}\n", kind) == wanted, reply


def test_what_ends_a_survey_is_an_answer_where_a_choice_says_so():
    choices = (Choice(id="none", text={"en": "No thanks"}), Choice(id="some", text={"en": "Yes"}))
    question = Question(id="more", kind="choice", text=TEXT, choices=choices)

    assert read_mark("No thanks", question, "en") is not Unread.NO_MORE
    assert read("no thanks", "choice") is Unread.NO_MORE


def test_the_agencys_own_labels_go_before_our_words():
    labels = {"en": ("Awful", "Bad", "Fine", "Good", "Great"), "es": ("Muy mal", "Mal", "Regular", "Bien", "Muy bien")}
    question = Question(id="overall", text=TEXT, labels=labels)

    told = {word: read_mark(word, question, "en") for words in labels.values() for word in words}
    assert told == {word: mark for words in labels.values() for mark, word in enumerate(words, 1)}


@pytest.mark.parametrize(
    "reply", ["1 nobody came, please call me", "5 - the officer waited with my mother", "3 llegaron tarde"]
)
def test_words_beside_a_mark_are_kept(reply):
    assert remark(reply) == reply


@pytest.mark.parametrize(
    "reply",
    ["5", "5 thanks so much", "five", "Very satisfied", "muy satisfecha", "5/5!!", "cinco, gracias", "4 out of 5"],
)
def test_politeness_beside_a_mark_is_no_remark(reply):
    assert remark(reply) == ""


@given(st.sampled_from(sorted(QUESTIONS)), st.text(max_size=200))
def test_any_text_is_read_and_read_alike(kind, text):
    first = read(text, kind)

    assert first == read(text, kind, "es")
    assert first in {1, 2, 3, 4, 5, "yes", "no", "phone", "online", "desk", text.strip(), *Unread}
    assert isinstance(remark(text), str)


WORDS = (
    *(
        "5",
        "1",
        "one",
        "10",
        "3:30",
        "not",
        "no",
        "yes",
        "very",
        "satisfied",
        "muy",
        "satisfecha",
        "officers",
        "or",
        "to",
    ),
    *("the", "great", "/", "-", ".", ",", "out of", "thanks", "'s", "'", "\n", "\N{WHITE MEDIUM STAR}"),
)


@given(st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join))
def test_words_in_any_order_are_read(text):
    for kind in QUESTIONS:
        assert read(text, kind) == read(f" {text.upper()} ".replace(" ", "  "), kind) or kind == "text"


@given(st.integers(6, 10**30) | st.integers(-(10**6), 0))
def test_a_number_that_is_not_on_the_scale_is_none_of_its_marks(number):
    assert read(str(number)) is Unread.UNCLEAR


@pytest.mark.parametrize(
    "part", ["not ", "5 ", "no gracias ", "very ", "10 out of ", "5/", "neither ", "i don t want to ", "stop asking "]
)
def test_a_long_reply_is_read_to_its_end(part):
    """A pattern that went back and forth would run into the time limit of every test."""
    text = part * (20_000 // len(part))

    assert {read(text, kind) for kind in QUESTIONS} <= {5, Unread.UNCLEAR, text.strip()}
