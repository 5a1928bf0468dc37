import pytest

from chalicelib.domain.phones import PhoneProblem, clean_email, clean_phone


@pytest.mark.parametrize(
    "text",
    [
        "+13035550123",
        "13035550123",
        "3035550123",
        "303-555-0123",
        "303.555.0123",
        "303 555 0123",
        "303/555-0123",
        "(303) 555-0123",
        "(303)555-0123",
        "1-303-555-0123",
        "1 (303) 555-0123",
        "+1 303 555 0123",
        "tel:+1-303-555-0123",
        "  303-555-0123 ",
        "３０３-５５５-０１２３",
    ],
)
def test_a_phone_is_read_in_whatever_format_it_is_typed(text):
    assert clean_phone(text, "US").number == "+13035550123"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", PhoneProblem.BLANK),
        ("   ", PhoneProblem.BLANK),
        ("Redacted", PhoneProblem.REDACTED),
        ("UNKNOWN", PhoneProblem.REDACTED),
        ("911-555-0123", PhoneProblem.PSEUDO_911),
        ("+1 911 123 4567", PhoneProblem.PSEUDO_911),
        ("9115550123", PhoneProblem.PSEUDO_911),
        ("303-555-0123 x12", PhoneProblem.EXTENSION),
        ("(303) 555-0123 ext. 4", PhoneProblem.EXTENSION),
        ("4412", PhoneProblem.DESK_LINE),
        ("x4412", PhoneProblem.DESK_LINE),
        ("911", PhoneProblem.DESK_LINE),
        ("555-0123", PhoneProblem.INVALID),
        ("0000000000", PhoneProblem.INVALID),
        ("303-555-0123/303-555-0124", PhoneProblem.INVALID),
        ("P26CFS0001234", PhoneProblem.INVALID),  # a keypad would dial letters, and reach somebody else
        ("Tc804b5-tf662", PhoneProblem.INVALID),
        ("1-303-555-HELP", PhoneProblem.INVALID),
        ("SEE 303-555-01 NOTES", PhoneProblem.INVALID),
        ("1-800-555-0123", PhoneProblem.NOT_MOBILE),
        ("900-555-0123", PhoneProblem.NOT_MOBILE),
    ],
)
def test_what_can_never_be_texted_and_why(text, problem):
    phone = clean_phone(text, "US")

    assert (phone.number, phone.problem) == (None, problem)


def test_a_foreign_phone_is_one_too():
    assert clean_phone("+52 55 1234 5678", "US").number == "+525512345678"


@pytest.mark.parametrize("text", ["a@people.example", " A@People.Example ", "a.b+c@mail.people.example"])
def test_an_email_is_an_email(text):
    assert clean_email(text) == text.strip().lower()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "none",
        "a@",
        "@b.example",
        "a@b",
        "a b@c.example",
        "a@b.example, c@d.example",
        "a\x00@b.example",
        "é@b.example",
    ],
)
def test_what_is_none_is_none(text):
    assert clean_email(text) is None
