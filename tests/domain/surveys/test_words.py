import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib import words
from chalicelib.domain.names import Kind
from chalicelib.domain.notifications.render import Unrenderable, fields, render
from chalicelib.domain.notifications.segments import outside_gsm7, segment_count
from chalicelib.domain.notifications.timing import OUTCOME_PRECEDENCE
from chalicelib.domain.settings.question_sets import SETS
from tests.factories import SHARED, after, agency, call, incident, update

LONGEST = {
    "agency": "A" * 24,
    "agency_name": "A" * 80,
    "incident_number": "P26-0001234567",
    "case_number": "26-1234567",
    "non_emergency": "1-303-555-0100",
    "resources_link": "https://" + "r" * 32,
    "link": "https://" + "t" * 18 + "/" + "x" * 13,
    "unsubscribe": "https://" + "t" * 18 + "/u/springfield." + "x" * 60,
    "code": "ABCDEF",
    "real": "https://" + "t" * 18 + "/real/springfield",
    "question": max((one.by_text("en") for one in SETS["standard"]), key=len),
}
EVERY_TEXT = [(kind, "") for kind in Kind if kind is not Kind.OUTCOME] + [
    (Kind.OUTCOME, outcome) for outcome in OUTCOME_PRECEDENCE
]
BY_REPLY = [("survey_reply", ""), ("survey_reply_b", "")]
ENGLISH = words.load("en", text_to_911=True)


@pytest.mark.parametrize(("kind", "variant"), [*EVERY_TEXT, ("survey_b", ""), *BY_REPLY])
def test_each_text_fits_one_segment_with_the_longest_fields(kind, variant):
    assert len(LONGEST["link"]) == 40

    message = render([ENGLISH], kind, variant, "sms", LONGEST)

    assert (message.segments, outside_gsm7(message.body)) == (1, []), message.body


@pytest.mark.parametrize(("kind", "variant"), EVERY_TEXT)
def test_each_email_has_a_subject_and_says_where_to_turn(kind, variant):
    message = render([ENGLISH], kind, variant, "email", LONGEST)

    assert message.subject
    assert "911" in message.body
    assert LONGEST["incident_number"] in message.subject


@pytest.mark.parametrize(("kind", "variant"), EVERY_TEXT)
def test_a_lock_screen_gives_nothing_away(kind, variant):
    body = render([ENGLISH], kind, variant, "sms", LONGEST).body.lower()

    for word in ("victim", "suspect", "resolved", "theft", "noise", "address", "arrest", "domestic", "minutes"):
        assert word not in body


def test_a_text_that_asks_for_no_answer_says_so_and_offers_another_way():
    body = render([ENGLISH], Kind.ACKNOWLEDGMENT, "", "sms", LONGEST).body

    assert "not monitored" in body
    assert "call or text 911" in body
    assert "STOP" in body


def test_templates_see_no_more_than_is_documented():
    merged = incident(call("THEFT"), update(after(9), "c", case_numbers=("26-1", "26-2")))

    assert set(fields(merged, agency(), "")) == set(LONGEST)
    assert fields(merged, agency(), "")["case_number"] == "26-1, 26-2"


@pytest.mark.parametrize("source", ["{{ nothing_of_the_kind }}", "{{ agency", "{{ agency.__class__.__mro__ }}", None])
def test_words_that_fail_are_said_to_fail(source):
    broken = {"sms": {"delay": source}}

    with pytest.raises(Unrenderable):
        render([broken], Kind.DELAY, "", "sms", LONGEST)


@pytest.mark.parametrize(
    ("text", "segments"),
    [
        ("", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("a" * 152 + "€" + "a" * 10, 2),
        ("a" * 152 + "€" + "a" * 152, 3),
        ("á" * 70, 1),
        ("á" * 71, 2),
        ("é" * 160, 1),
        ("á" + "😜" * 34 + "b", 1),
        ("á" * 66 + "😜" + "á" * 66, 3),
    ],
)
def test_segments_are_counted_as_a_carrier_bills_them(text, segments):
    assert segment_count(text) == segments


@given(st.text(max_size=400))
def test_a_longer_text_never_takes_fewer_segments(text):
    assert segment_count(text + "x") >= segment_count(text)


def test_segment_vectors():
    path = SHARED / "sms" / "segment_vectors.json"
    if not path.exists():
        pytest.skip(f"NOT RUN: {path} is not here")
    for vector in json.loads(path.read_text()):
        assert segment_count(vector["body"]) == vector["segments"], vector["testDescription"]


LEADING = re.compile(r"\b(?:bien|buen[ao]?|satisfech[ao]|well|good|great|happy|are you satisfied)\b", re.IGNORECASE)
INVITATIONS = ("survey", "survey_b", "survey_reply", "survey_reply_b")


@pytest.mark.parametrize("language", ["en", "es"])
def test_no_invitation_suggests_an_answer(language):
    """Found: the Spanish one asked `¿le atendimos bien?`, the English one `how did we do?`. Marks differ by that."""
    known = words.load(language, text_to_911=True)
    asked = [known[channel].get(name, "") for channel in ("sms", "email") for name in INVITATIONS]
    asked += [one.by_text(language) for questions in SETS.values() for one in questions]
    asked += [known[part]["title"] for part in ("card", "page")]

    assert [text for text in asked if LEADING.search(text)] == []
    assert len(list(filter(None, asked))) > 10
