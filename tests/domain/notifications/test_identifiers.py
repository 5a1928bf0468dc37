"""Numbers that people read: their form, and the sentences that stay when one is left out."""

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from chalicelib import words
from chalicelib.domain.incidents.facts import Facts
from chalicelib.domain.incidents.incident import Incident
from chalicelib.domain.names import Kind
from chalicelib.domain.notifications.identifiers import LEFT_OUT, cases_shown, closed_up, incident_shown, tells
from chalicelib.domain.notifications.render import Unrenderable, fields, fill, render, with_way_out
from chalicelib.domain.notifications.segments import segment_count
from chalicelib.domain.settings.identifiers import Identifiers, form_problem
from chalicelib.domain.settings.identity import IdentityRules
from chalicelib.insight.settings.preview import preview, samples
from tests.domain.surveys.test_words import EVERY_TEXT, LONGEST
from tests.factories import agency, incident

BAD = [
    "verify: evil.example/pay $50 fine", "1" * 1353, "DV26-00123", "dv-26-1", "JUV26-1", "26  1", "26-\u200b1", "26\n1",
    "evil.example/1", "bit.ly/2", "\u202e26-1", "26-1 ", "-26", "P26--1", "", "CALL MOTHER", "SUICIDE-1", "26é1",
    "303-555-0142", "CALL 303-555-0142", "CALL 911 NOW", "PAY 50 AT X1", "10.0.0.1",
]  # fmt: skip
GOOD = [
    "P26-0001234567",
    "26-1234567",
    "2026/00123",
    "LP 26-1",
    "26.0012",
    "C2600123",
    "26-5150",
    "2026-001-2345",
    "PD 26 0001",
]


@pytest.mark.parametrize("number", BAD)
def test_a_number_that_is_none_or_that_tells_something_is_not_shown(number):
    assert incident_shown(number, agency()) == ""
    assert cases_shown((number, "26-7"), agency()) == "26-7"


@pytest.mark.parametrize("number", GOOD)
def test_a_usual_number_is_shown(number):
    assert incident_shown(number, agency()) == number


@pytest.mark.parametrize("form", ["(a+)+", "a?" * 20 + "a" * 20, ".*" * 20 + "x", r"\d+" * 5, "a{0,9}" * 5])
def test_a_pattern_that_could_take_for_ever_is_refused(form):
    assert "repeats" in form_problem(form)


@pytest.mark.parametrize("form", [r"[A-Z]{1,3}\d{2}-?\d{4,7}", r"(?:P|C)\d{2}-\d+", r"[*+?]\+\d+"])
def test_a_usual_pattern_is_taken(form):
    assert form_problem(form) == ""


def test_an_agencys_pattern_narrows_the_form():
    narrow = agency(identifiers=Identifiers(incident=r"P\d{2}-\d{7}"))

    assert incident_shown("P26-0001234", narrow) == "P26-0001234"
    assert incident_shown("26-1", narrow) == ""


@given(st.text(max_size=40))
def test_what_is_shown_has_no_link_no_run_of_blanks_and_nothing_sensitive(text):
    shown = incident_shown(text, agency())

    assert shown in (text, "")
    assert re.fullmatch(r"[A-Za-z0-9./ -]*", shown)
    assert "  " not in shown
    assert not tells(shown)


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("channel", ["sms", "email"])
@pytest.mark.parametrize(
    ("kind", "variant"), [*EVERY_TEXT, ("survey_b", ""), ("survey_reply", ""), ("survey_reply_b", "")]
)
def test_a_sentence_reads_well_without_its_number(kind, variant, channel, language):
    if channel == "email" and str(kind).startswith("survey_reply"):
        return
    made = render(
        [words.load(language, text_to_911=True)], kind, variant, channel, LONGEST | {"incident_number": LEFT_OUT}
    )

    for text in (made.body, made.subject):
        assert LEFT_OUT not in text
        assert not re.search(r" [.,:;)]|[(] ?[)]|  |\b(is|es|number|número)[.:]", text), text


def test_a_case_number_that_nobody_may_read_is_no_text():
    with pytest.raises(Unrenderable):
        render([words.load("en", text_to_911=True)], Kind.CASE_NUMBER, "", "sms", LONGEST | {"case_number": ""})


def test_the_fields_of_a_text_have_no_bad_number():
    bad = replace(incident(), incident_number=BAD[0])

    assert fields(bad, agency(), "")["incident_number"] == LEFT_OUT


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize(("kind", "variant"), EVERY_TEXT)
def test_a_first_text_says_how_to_get_no_more_in_one_segment(kind, variant, language):
    book = words.load(language, text_to_911=True)
    values = LONGEST | {"agency": "Larkspur PD", "non_emergency": "303-555-0100", "resources_link": ""}
    if kind == Kind.SURVEY:
        values |= {"link": "https://tell.larkspur.example/" + "x" * 13}
    made = with_way_out(render([book], kind, variant, "sms", values), tuple(book["first"].values()))

    assert re.search(r"\bSTOP\b", made.body)
    assert segment_count(made.body) == made.segments == 1, made.body


@given(st.sampled_from(EVERY_TEXT), st.integers(1, 24), st.sampled_from(["en", "es"]))
def test_a_first_text_always_names_the_way_out(text, length, language):
    book = words.load(language, text_to_911=True)
    made = with_way_out(render([book], *text, "sms", LONGEST | {"agency": "A" * length}), tuple(book["first"].values()))

    assert re.search(r"\bSTOP\b", made.body)


def _unnumbered(hour, minute=42):
    at = datetime(2026, 11, 21, hour, minute, tzinfo=ZoneInfo("America/Denver"))
    return Incident(agency_id="springfield", incident_number="id:50-1", facts=Facts(received_at=at.astimezone(UTC)))


@pytest.mark.parametrize(
    ("template", "hour", "said"),
    [
        ("we have your call {{ incident_number }}.", 22, "we have your call of 10:42 pm."),
        ("We have your call. Its number is {{ incident_number }}. Call 911.", 22, "We have your call. Call 911."),
        ("Your call {{ incident_number }} was cancelled", 0, "Your call of 12:42 am was cancelled"),
        ("recibimos su llamada {{ incident_number }}.", 12, "recibimos su llamada de las 12:42 pm."),
        ("recibimos su llamada {{ incident_number }}.", 13, "recibimos su llamada de la 1:42 pm."),
        ("officers are busy; {{ incident_number }} is in line", 9, "officers are busy; is in line"),
    ],
)
def test_a_call_without_a_number_is_named_by_its_time(template, hour, said):
    told = fields(_unnumbered(hour), agency(), "")

    assert closed_up(fill(template, told)) == said


def test_a_text_that_names_the_time_is_one_segment_in_each_language():
    ours = agency(identity=IdentityRules(cad="always"), languages=("es",))
    found = [one for one in preview(ours, samples(ours, None, None)) if one.sample == "no number yet"]
    texts = [one for one in found if one.channel == "sms"]

    assert {one.language for one in texts} == {"en", "es"}
    assert [one.body for one in texts if one.segments > 1 or one.problem or "\ue001" in one.body] == []
