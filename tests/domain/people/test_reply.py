"""Replies and their answers; what counts as STOP, START and HELP is tried in `test_phrases.py`, phrase by phrase."""

import json
import re
from unicodedata import combining, normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.people.danger import wishes
from chalicelib.domain.people.reply import (
    Answered,
    Intent,
    Reply,
    answer_id,
    intent,
    is_answer,
    language_of,
    may_answer,
)
from tests.factories import NOW, PHONE, SHARED, after

FCC = ("stop", "quit", "end", "revoke", "opt out", "cancel", "unsubscribe")


@pytest.mark.parametrize("body", [*FCC, *(word.upper() for word in FCC)])
def test_each_word_of_the_rule_is_a_stop(body):
    assert intent(body) is Intent.STOP


@pytest.mark.parametrize("source", ["fcc_47cfr64.1200a10_per_se", "twilio_default_stop", "aws_eum_required_optout"])
def test_every_word_that_a_regulator_or_provider_lists_is_heard(source):
    path = SHARED / "sms" / "optout_keywords.json"
    if not path.exists():
        pytest.skip(f"NOT RUN: {path} is not here")
    listed = json.loads(path.read_text())

    assert {intent(word) for word in (*listed[source], *listed["telnyx_default"])} == {Intent.STOP}
    assert {intent(word) for word in listed["braze_default"]["help"]} == {Intent.HELP}
    assert {intent(word) for word in listed["aws_us_tollfree"]["resubscribe"]} == {Intent.START}


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("stop " * 400, Intent.STOP),
        ("no me manden mas " * 100, Intent.OTHER),
        ("remove me from the " * 90, Intent.OTHER),
        ("por favor " * 200, Intent.OTHER),
    ],
)
def test_a_long_text_is_read_to_its_end(body, said):
    """An expression that tried every way to read these would not come back in this universe."""
    assert intent(body) is said


@pytest.mark.parametrize("body", ["ALTO", "no me manden más mensajes", "¿Cuándo vienen a mi casa?"])
def test_spanish_is_known_by_its_words(body):
    assert language_of(body) == "es"


@pytest.mark.parametrize("body", ["STOP", "thank you", "no", "no one came", "help me please"])
def test_what_may_be_english_is_not_called_spanish(body):
    assert language_of(body) is None


def answered(what, *minutes):
    return tuple(Answered(what, after(minute)) for minute in minutes)


def test_an_answer_a_minute_and_five_an_hour_are_enough():
    assert may_answer(Intent.OTHER, (), NOW)
    assert not may_answer(Intent.OTHER, answered(Intent.OTHER, 0), after(0.9))
    assert may_answer(Intent.OTHER, answered(Intent.OTHER, 0), after(1))
    assert not may_answer(Intent.OTHER, answered(Intent.OTHER, 0, 2, 4, 6, 8), after(30))


def test_nobody_waits_longer_than_an_hour():
    assert may_answer(Intent.OTHER, answered(Intent.OTHER, 0, 2, 4, 6, 8), after(60))


def test_a_stop_right_after_something_else_is_confirmed_and_a_double_one_is_not():
    assert may_answer(Intent.STOP, answered(Intent.OTHER, 0), after(0.1))
    assert not may_answer(Intent.STOP, answered(Intent.STOP, 0), after(0.1))


def test_an_answers_id_is_no_notifications():
    reply = Reply(sender=PHONE, number="+13035550199", body="ok", at=NOW, message_id="in-1")

    assert answer_id("springfield", reply) == "springfield__answer__in-1"
    assert is_answer(answer_id("springfield", reply))
    assert not is_answer("springfield__P26-1__delay__1__0")


STOPS = [
    "Stop. I moved.", "No one here called. Please stop.", "STOP do not text this number", "STOP CALLING ME STOP",
    "Stop!!! I am at work", "Stop it", "Un-subscribe", "I opt out of these messages", "Stop texting me.",
    "Alto. Me mudé.", "STOP no me escriban", "Arrêtez. J'ai déménagé.", "Don't text me anymore", "unsubscribe",
]  # fmt: skip
NO_STOPS = [
    "the noise has stopped", "make him stop", "please stop the noise", "bus stop", "can you stop it",
    "he won't stop", "I can't stop crying", "el ruido no para", "arrêtez le bruit", "stop him please",
]  # fmt: skip
DANGERS = [
    "He's back", "he's outside", "She's bleeding", "there's a man in my house", "they're back",
    "está afuera", "Está sangrando", "no puedo respirar", "I can't breathe", "he has a gun",
]  # fmt: skip

APOSTROPHES = "'\u2019\u2018\u02bc\u2032\u00b4\uff07`"
WIDE = {ord(letter): chr(ord(letter) + 0xFEE0) for letter in "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ!?."}


def written(texts):
    """Return a strategy for texts as phones and people in a hurry write them."""
    return st.builds(
        lambda text, apostrophe, change, around: around[0] + change(text.replace("'", apostrophe)) + around[1],
        st.sampled_from(texts),
        st.sampled_from(APOSTROPHES),
        st.sampled_from(
            (
                str,
                str.upper,
                str.lower,
                lambda text: text.replace(" ", "\u00a0"),
                lambda text: text.replace(" ", "\u2009  "),
                lambda text: text.translate(WIDE),
                lambda text: "".join(one for one in normalize("NFKD", text) if not combining(one)),
                lambda text: normalize("NFD", text),
                lambda text: re.sub("[aeio](?=[a-z]*$)", lambda held: held[0] * 4, text, count=1),
            )
        ),
        st.sampled_from((("", ""), ("\u201c", "\u201d"), ("  ", "!!"), ("\u200b", "\u2026"), ("\u00a1", "!"))),
    )


@given(written(STOPS))
def test_a_stop_is_heard_however_it_is_written(body):
    assert intent(body) is Intent.STOP


@given(written(NO_STOPS))
def test_another_stop_is_none_however_it_is_written(body):
    assert intent(body) is Intent.OTHER


@given(written(DANGERS))
def test_danger_is_read_however_it_is_written(body):
    assert wishes(body).danger


@given(written(DANGERS), st.sampled_from(STOPS[:7]))
def test_a_text_may_ask_for_silence_and_speak_of_danger(danger, stop):
    for body in (f"{stop}. {danger}.", f"{danger}.\n{stop}"):
        assert intent(body) is Intent.STOP
        assert wishes(body).danger


@pytest.mark.parametrize(
    "body",
    [
        "hes outside",
        "shes bleeding",
        "theyre back",
        "theres a man outside my door",
        "🆘",
        "he is here 🆘",
        "SOS",
        "911",
    ],
)
def test_a_short_way_to_call_for_help_is_danger(body):
    assert wishes(body).danger


@pytest.mark.parametrize("body", ["STOP", "Thank you", "5", "HELP", "yes", "the 911 operator was kind", "ok 👍"])
def test_a_plain_word_is_no_danger(body):
    assert not wishes(body).danger
