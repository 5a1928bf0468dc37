import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib import words
from chalicelib.domain.names import Kind
from chalicelib.domain.notifications.render import fill
from chalicelib.domain.notifications.segments import outside_gsm7, segment_count
from chalicelib.domain.notifications.text_code import ALPHABET, LENGTH, code_hash, read_code, text_code
from chalicelib.domain.people.consent import Person, Reference, read_unsubscribe, unsubscribe_token, widest
from chalicelib.domain.people.contact import OptOutScope
from chalicelib.domain.people.reply import CHOICES, Intent
from tests.domain.surveys.test_words import LONGEST
from tests.factories import row

SECRET = b"a secret of this test"
PERSON = Person("springfield", Reference("ab" * 32))


def test_an_unsubscribe_link_leads_to_its_person_and_has_no_address():
    assert read_unsubscribe(SECRET, unsubscribe_token(SECRET, PERSON)) == PERSON


@given(st.integers(0, 200), st.sampled_from("AZaz09_-.~\x00é"))
def test_a_link_that_was_touched_is_none(place, character):
    token = unsubscribe_token(SECRET, PERSON)
    touched = token[: place % len(token)] + character + token[place % len(token) + 1 :]

    assert read_unsubscribe(SECRET, touched) in ({PERSON} if touched == token else {None}) or _same_bits(token, touched)


def _same_bits(token, touched):
    """The last character of a word has bits that base64 does not read: such a link says the same."""
    return read_unsubscribe(SECRET, touched) == PERSON and sum(a != b for a, b in zip(token, touched, strict=True)) == 1


@pytest.mark.parametrize(
    "token", ["", ".", "..", "springfield", "springfield.a.b", "Springfield..", "a" * 200, "x.%.%"]
)
def test_a_link_that_is_none_is_none(token):
    assert read_unsubscribe(SECRET, token) is None


def test_another_agencys_link_is_none():
    token = unsubscribe_token(SECRET, PERSON)

    assert read_unsubscribe(SECRET, token.replace("springfield", "shelbyville")) is None
    assert read_unsubscribe(b"another secret", token) is None


def test_a_later_narrower_wish_takes_nothing_back():
    everything, surveys = OptOutScope.ALL, OptOutScope.SURVEYS

    assert [widest(known, surveys) for known in (None, surveys, everything)] == [surveys, surveys, everything]
    assert [widest(known, everything) for known in (None, surveys, everything)] == [everything] * 3


def test_a_code_is_the_same_at_each_attempt_and_another_for_another_text():
    codes = {text_code(SECRET, row(kind).key) for kind in Kind} | {text_code(SECRET, row(Kind.DELAY).key)}

    assert len(codes) == len(Kind)
    assert all(len(code) == LENGTH and set(code) <= set(ALPHABET) for code in codes)


@pytest.mark.parametrize("typed", ["ABC234", "abc234", " abc-234 ", "ABC 234", "abc\u2011234.", "\uff21BC\u2013234"])
def test_a_code_is_read_as_people_type_it(typed):
    assert read_code(typed) == "ABC234"


@pytest.mark.parametrize("typed", ["", "ABC23", "ABC2345", "ABC23O", "303-555-0123", "P26-0001234", "ÄBC234"])
def test_what_can_be_no_code_is_none(typed):
    assert read_code(typed) is None


def test_a_code_counts_for_its_agency_alone():
    assert code_hash("springfield", "ABC234") != code_hash("shelbyville", "ABC234")


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize(
    "asked", [*(each for each in Intent if each is not Intent.YES), *(f"danger_{one}" for one in CHOICES)]
)
def test_each_answer_fits_one_segment_and_names_911(language, asked):
    body = fill(words.load(language, text_to_911=True)["reply"][asked], LONGEST)

    assert (segment_count(body), outside_gsm7(body)) == (1, []), len(body)
    assert "911" in body
    assert body.startswith(LONGEST["agency"])
