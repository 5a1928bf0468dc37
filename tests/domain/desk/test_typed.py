"""What is typed into Find is read in each way in which people write it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.desk.typed import read_typed
from chalicelib.domain.notifications.text_code import ALPHABET, LENGTH, in_groups

PHONE = "+13035550123"
FORMS = ("303-555-0123", "(303) 555-0123", "303.555.0123", "+1 303 555 0123", "1-303-555-0123", "303 555 0123")
FORMS += ("+13035550123", "３０３-５５５-０１２３", "303‑555‑0123", "  303-555-0123 ")


@pytest.mark.parametrize("text", FORMS)
def test_a_phone_is_the_same_person_in_any_form(text):
    typed = read_typed(text, "US")

    assert typed.addresses == {PHONE}
    assert not typed.either


def test_what_is_written_as_a_phone_is_looked_for_as_nothing_else():
    assert read_typed("303-555-0123", "US").name == ""


def test_digits_alone_may_be_a_call_too():
    typed = read_typed("3035550123", "US")

    assert (typed.addresses, typed.name, typed.either) == ({PHONE}, "3035550123", True)


def test_an_email_is_read_in_any_case():
    assert read_typed(" Ana.Ortiz@People.example ", "US").addresses == {"ana.ortiz@people.example"}


@pytest.mark.parametrize("text", ["0123", "…0123", "x0123", "•••0123", "...0123"])
def test_four_digits_are_the_last_ones_of_a_phone(text):
    typed = read_typed(text, "US")

    assert typed.last_digits == "0123"
    assert not typed.addresses


@pytest.mark.parametrize("text", ["P26-1", "26-88", "2026-001234", "CFS 12", "12345"])
def test_a_call_s_number_is_one_even_where_a_phone_could_be_read_in_it(text):
    typed = read_typed(text, "US")

    assert typed.name == text
    assert not typed.either


@given(st.text(ALPHABET, min_size=LENGTH, max_size=LENGTH), st.booleans(), st.booleans())
def test_a_code_is_read_as_people_type_it(code, small, grouped):
    text = in_groups(code) if grouped else code

    assert read_typed(text.lower() if small else text, "US").code == code


@given(st.text(max_size=300))
def test_any_text_is_read(text):
    typed = read_typed(text, "US")

    assert len(typed.name) <= 200
    assert typed.of_a_person == bool(typed.addresses or typed.code or typed.last_digits)
