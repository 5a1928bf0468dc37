"""Each example that stands beside a phrase, tried one by one through the rule that reads it."""

import re

import pytest

from chalicelib.domain.notifications import safety, sensitive_words
from chalicelib.domain.people.reply import Intent, by_patterns, intent
from chalicelib.domain.phrases import families, found, marks, numbers, read_in, whole
from chalicelib.domain.phrases_floor import FLOOR
from chalicelib.domain.phrases_table import AT_ONCE, LANGUAGES
from chalicelib.domain.settings.questions import Question
from chalicelib.domain.surveys.read_comment import CommentKind, judge
from chalicelib.domain.surveys.read_reply import read_mark
from chalicelib.domain.text import plain_words
from rigs.words.files import exact, sources
from tests.domain.examples import PLACED


def asks(wanted):
    return lambda text: intent(text) is wanted


def speaks_of(kind):
    return lambda text: kind in judge(text).kinds


def is_in(name):
    return lambda text: name in safety._classes(plain_words(text))


READ = {
    "stop": asks(Intent.STOP),
    "stop_phrase": asks(Intent.STOP),
    "no_surveys": asks(Intent.NO_SURVEYS),
    "start": asks(Intent.START),
    "yes": asks(Intent.YES),
    "help": asks(Intent.HELP),
    "danger_cry": speaks_of(CommentKind.DANGER),
    "danger": speaks_of(CommentKind.DANGER),
    "contact": speaks_of(CommentKind.CONTACT),
    "contact_whole": speaks_of(CommentKind.CONTACT),
    "praise": speaks_of(CommentKind.PRAISE),
    "misconduct": speaks_of(CommentKind.MISCONDUCT),
    "sensitive": lambda text: sensitive_words.first(text) is not None,
    "guarded": is_in("guarded"),
    "welfare": is_in("welfare"),
}
DENY = {
    "danger_not": READ["danger"],
    "contact_not": READ["contact"],
    "praise_not": READ["praise"],
    "grudge": READ["praise"],
    "misconduct_not": READ["misconduct"],
    "harmless": READ["guarded"],
    "dull": READ["sensitive"],
}
"""Phrases that take a meaning away: their examples must not have it."""

SCALE = Question(id="overall", text={"en": "How was it?", "es": "¿Cómo fue?"})
YES_NO = Question(id="told", kind="yes_no", text=SCALE.text)


def texts(field, readers):
    return [
        pytest.param(
            readers[placed.meaning],
            text,
            id=f"{book.language}/{placed.file.name} {placed.meaning}: {plain_words(text)}",
        )
        for book, placed in PLACED
        for text in getattr(placed.entry, field)
        if placed.meaning in readers
    ]


@pytest.mark.parametrize(("read", "text"), texts("examples", READ))
def test_an_example_means_what_its_table_says(read, text):
    assert read(text)


@pytest.mark.parametrize(("read", "text"), [*texts("counter_examples", READ), *texts("examples", DENY)])
def test_a_counter_example_does_not(read, text):
    assert not read(text)


def test_each_entry_that_people_say_has_an_example_of_its_own():
    """An example that only another entry reads would prove nothing of this one."""
    missing = [
        (book.language, placed.meaning, placed.entry.say or placed.entry.regex)
        for book, placed in PLACED
        if placed.meaning in READ and not any(_says(book, placed, text) for text in placed.entry.examples)
    ]

    assert missing == []


def _says(book, placed, text):
    if placed.meaning == "sensitive":
        return any(f.family == placed.entry.family for f in sensitive_words.findings(sensitive_words.sets_in(text)))
    pattern = re.compile(rf"\b(?:{'|'.join(sources(book, placed))})(?!\w)")
    return any(pattern.search(plain_words(part.replace("'", " "))) for part in re.split(r"[.!?;\n]", text))


def test_examples_are_of_meanings_that_are_tried():
    shown = {placed.meaning for _, placed in PLACED if placed.entry.examples or placed.entry.counter_examples}

    assert shown <= READ.keys() | DENY.keys()


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_word_for_a_mark_is_read_as_that_mark(language):
    known = {**numbers(read_in(language)), **marks(read_in(language))}
    read = {phrase: read_mark(phrase, SCALE, language) for phrase in known}

    assert read == known


@pytest.mark.parametrize("answer", ["yes", "no"])
def test_each_yes_and_no_is_one(answer):
    phrases = [
        (phrase, book.language)
        for book, placed in PLACED
        if placed.meaning == f"answer_{answer}"
        for phrase in exact(book, placed)
    ]

    assert len(phrases) > 20
    assert {phrase for phrase, language in phrases if read_mark(phrase, YES_NO, language) != answer} == set()


def test_the_table_of_what_is_known_at_once_says_what_the_patterns_say():
    danger = {phrase for phrase, means in AT_ONCE.items() if means == "danger"}
    replies = AT_ONCE.keys() - danger

    assert {phrase for phrase in replies if by_patterns(phrase) != AT_ONCE[phrase]} == set()
    assert {
        each for each in danger if not (whole("danger_cry").fullmatch(each) or found("danger").search(each))
    } == set()
    assert len(replies) > 200
    assert len(danger) > 200


def test_a_plain_stop_costs_no_pattern():
    whole.cache_clear()

    assert intent("Stop.") is Intent.STOP
    assert whole.cache_info().currsize == 0


def test_the_floor_has_every_family():
    named = {
        "domestic violence", "sexual offences", "children", "juveniles", "elders", "custody", "suicide",
        "mental health", "stalking", "protective orders", "trafficking", "missing people", "death", "shooting",
        "weapons", "assault",
    }  # fmt: skip

    assert FLOOR.keys() == named
    assert families("guarded").keys() == {"in progress", "medical", "hang-up", "injury"}


def test_a_text_is_read_in_the_usual_languages_and_in_the_one_of_its_question():
    assert read_in(None) == read_in("es") == read_in("xx") == ("en", "es")
    assert read_in("fr") == ("en", "es", "fr")
