"""Where 911 takes no texts, none of our words offers it; where it takes them, each word is as it always was."""

import tomllib
from pathlib import Path
from typing import get_args

import pytest

from chalicelib import words
from chalicelib.domain.language import Language
from chalicelib.domain.notifications.render import fill, render
from chalicelib.domain.notifications.segments import outside_gsm7, segment_count
from tests.domain.surveys.test_spanish import texts
from tests.domain.surveys.test_words import EVERY_TEXT, LONGEST
from tests.offers import offers

LANGUAGES = get_args(Language)
KNOWN = tomllib.loads(Path(__file__).with_name("text_to_911.toml").read_text(encoding="utf-8"))
"""The words of the last release that knew no such setting, and beside them what was written for it by hand."""


def said(language, *, text_to_911):
    return {".".join(path): text for path, text in texts(words.load(language, text_to_911=text_to_911)).items()}


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_text_that_offers_it_is_known_word_for_word_both_ways(language):
    taken, none = (said(language, text_to_911=taken) for taken in (True, False))
    differing = {name for name, text in taken.items() if none[name] != text}

    assert {name for name, text in taken.items() if offers(text)} == differing == KNOWN[language].keys()
    for name, both in KNOWN[language].items():
        assert {"takes_texts": taken[name], "takes_none": none[name]} == both


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_word_of_ours_offers_it_where_it_takes_none(language):
    none = said(language, text_to_911=False)

    assert [name for name, text in none.items() if offers(text)] == []
    assert [name for name in KNOWN[language] if "911" not in none[name]] == ["page.text_911"]


@pytest.mark.parametrize("text_to_911", [True, False])
@pytest.mark.parametrize("language", LANGUAGES)
def test_nobody_reads_a_bracket(language, text_to_911):
    read = said(language, text_to_911=text_to_911)

    assert [name for name, text in read.items() if "[" in text or "]" in text or "  " in text] == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("kind", "variant"), [*EVERY_TEXT, ("survey_b", "")])
def test_each_text_is_in_one_segment_where_it_takes_none(kind, variant, language):
    message = render([words.load(language, text_to_911=False)], kind, variant, "sms", LONGEST)

    assert (message.segments, outside_gsm7(message.body), offers(message.body)) == (1, [], []), message.body


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_answer_is_in_one_segment_where_it_takes_none(language):
    for name, source in words.load(language, text_to_911=False)["reply"].items():
        body = fill(source, LONGEST)
        assert (segment_count(body), outside_gsm7(body)) == (1, []), name


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_was_filled_in_is_counted_as_other_words(language):
    """`template` names the words: an experiment must not add up people who read different ones."""
    taken, none = (
        render([words.load(language, text_to_911=each)], "acknowledgment", "", "sms", LONGEST) for each in (True, False)
    )

    assert taken.template != none.template
