"""Comments about several things, and what is taken out of them; `test_phrases.py` tries each phrase."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.surveys.read_comment import CommentKind, judge, scrub
from tests.domain.examples import examples

ABOUT = ("danger_cry", "danger", "misconduct", "contact", "praise")


def test_a_comment_may_be_about_more_than_one_thing():
    said = judge("The officer hit me. He is back outside right now! Please call me: 303-555-0123. Thank you")

    assert said.kinds == {CommentKind.MISCONDUCT, CommentKind.DANGER, CommentKind.CONTACT}
    assert said.scrubbed == "The officer hit me. He is back outside right now! Please call me: [phone]. Thank you"


@pytest.mark.parametrize("line", examples("danger_cry", "danger"))
def test_danger_is_heard_in_capitals_between_other_sentences_and_without_marks(line):
    assert CommentKind.DANGER in judge(f"They came late.\n{line.upper()}").kinds
    assert CommentKind.DANGER in judge(f"All was fine. {line.replace('.', '')} ... ok").kinds


SCRUBBED = {
    "Call 303-555-0123 today": "Call [phone] today",
    "Call (303) 555-0123.": "Call [phone].",
    "303.555.0123 or +1 720 555 0134": "[phone] or [phone]",
    "my number is 3035550123": "my number is [phone]",
    "555-0123 is my desk": "[phone] is my desk",
    "+52 55 5555 0123": "[phone]",
    "\uff13\uff10\uff13 \uff15\uff15\uff15 \uff10\uff11\uff12\uff13": "[phone]",
    "303\u200b555\u200b0123": "[phone]",
    "write jo.b+x@people.example.org please": "write [email] please",
    "jo at people dot example dot org": "[email]",
    "jo (at) people (dot) example": "[email]",
    "plate ABC 1234 on a red truck": "plate [plate] on a red truck",
    "the license plate is xk4 9qz": "the license plate is [plate]",
    "ABC-123 drove off": "[plate] drove off",
    "it was 7ABC123": "it was [plate]",
    "it was 7abc123": "it was [plate]",
    "placa KLM 456 color rojo": "placa [plate] color rojo",
    "placas: XYZ-12-34": "placas: [plate]",
    "123 ABC": "[plate]",
    "my case is 26123456": "my case is [phone]",
    "card 4111 1111 1111 1111 was taken": "card [number] was taken",
    "ssn 123-45-678": "ssn [phone]",
    "badge 123456": "badge [number]",
    "It took 45 minutes on 5/12, twice": "It took 45 minutes on 5/12, twice",
    "I called 911 at 10:30": "I called 911 at 10:30",
    "in MAY 2026 and at 12pm": "in MAY 2026 and at 12pm",
    "2 officers, 1 car, apt 204": "2 officers, 1 car, apt 204",
    "the 100th time in 150min": "the 100th time in 150min",
    "": "",
}


@pytest.mark.parametrize("text", SCRUBBED)
def test_what_leads_to_a_person_is_taken_out(text):
    assert scrub(text) == SCRUBBED[text]
    assert scrub(SCRUBBED[text]) == SCRUBBED[text]


PHONES = st.tuples(
    st.sampled_from(["{}{}{}", "{}-{}-{}", "({}) {}-{}", "{}.{}.{}", "+1 {} {} {}", "1{}{}{}", "{} {} {}"]),
    st.integers(200, 999),
    st.just(555),
    st.integers(100, 199).map(lambda number: f"0{number}"),
).map(lambda parts: parts[0].format(*parts[1:]))


@given(st.text(st.characters(exclude_categories=["L", "N"]), max_size=20), PHONES)
def test_no_phone_stays_whatever_stands_around_it(around, phone):
    kept = scrub(f"{around}{phone}{around}")

    assert "0" not in kept or "555" not in kept


@pytest.mark.parametrize(
    "part", ["call me ", "officer a b c d ", "5-", "a@", "not the ", "he is ", "a at b dot ", "plate is ", "1 ", "ABC "]
)
def test_a_long_comment_is_read_to_its_end(part):
    """A pattern that went back and forth would run into the time limit of every test."""
    assert judge(part * (60_000 // len(part)) + " he has a gun").kinds >= {CommentKind.DANGER}


@given(st.text(max_size=300))
def test_any_text_is_read_and_read_alike_in_any_case(text):
    assert judge(text) == judge(text)
    assert scrub(scrub(text)) == scrub(text)


@given(st.sampled_from(examples(*ABOUT)))
def test_case_and_space_say_nothing(line):
    assert judge(f"  {line.upper()} \n").kinds == judge(line).kinds == judge(line.replace(" ", "  ")).kinds
