"""The Spanish words keep every promise of the English ones."""

import re

import pytest
from jinja2 import Environment, meta

from chalicelib import words
from chalicelib.domain.notifications.render import render
from chalicelib.domain.notifications.segments import outside_gsm7
from chalicelib.domain.notifications.sensitive_words import spoken
from chalicelib.domain.text import plain_words
from tests.domain.surveys.test_words import EVERY_TEXT, LONGEST

ENGLISH, SPANISH = words.load("en", text_to_911=True), words.load("es", text_to_911=True)


def texts(table, path=()):
    """Return every text of a language by its path."""
    if isinstance(table, str):
        return {path: table}
    return {where: text for key, part in table.items() for where, text in texts(part, (*path, key)).items()}


def test_each_text_has_its_translation():
    assert texts(SPANISH).keys() == texts(ENGLISH).keys()
    shared = set(texts(SPANISH).values()) & set(texts(ENGLISH).values())
    assert shared == {"No", "{{ agency }}: {{ told }}"}


@pytest.mark.parametrize("path", texts(ENGLISH), ids=".".join)
def test_a_translation_says_the_same_fields(path):
    english, spanish = (
        meta.find_undeclared_variables(Environment().parse(texts(each)[path])) for each in (ENGLISH, SPANISH)
    )

    assert spanish == english


@pytest.mark.parametrize(("kind", "variant"), EVERY_TEXT)
def test_each_text_fits_one_segment_with_the_longest_fields(kind, variant):
    message = render([SPANISH], kind, variant, "sms", LONGEST)

    assert (message.segments, outside_gsm7(message.body)) == (1, []), message.body


@pytest.mark.parametrize(("kind", "variant"), EVERY_TEXT)
@pytest.mark.parametrize("channel", ["sms", "email"])
def test_a_lock_screen_gives_nothing_away(kind, variant, channel):
    message = render([SPANISH], kind, variant, channel, LONGEST)
    plain = plain_words(f"{message.subject} {message.body}")

    assert spoken(plain) == ()
    assert not re.search(r"\b(victima|sospechos|resuelt|robo|ruido|direccion|arrest|detenid|domestic|minutos)", plain)


@pytest.mark.parametrize(("kind", "variant"), EVERY_TEXT)
def test_people_are_addressed_formally(kind, variant):
    plain = plain_words(render([SPANISH], kind, variant, "sms", LONGEST).body)

    assert not re.search(r"\b(tu|tus|te|llama|responde|escribe|tienes|necesitas)\b", plain)


def test_the_first_text_says_that_nobody_reads_answers_and_how_to_get_no_more():
    body = SPANISH["sms"]["acknowledgment"]

    assert "No leemos respuestas" in body
    assert "llame o escriba al 911" in body
    assert "STOP" in body
