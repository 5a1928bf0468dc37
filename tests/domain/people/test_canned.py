"""Answers of a phone, as a call's page shows them: those that came after the call's texts, in their order."""

from datetime import timedelta

from chalicelib.domain.notifications.notification import State
from chalicelib.domain.people.canned import LEADS_BACK, Said, answer_row, automatic_key, automatic_row, of_a_call
from tests.factories import NOW, after

HASH = "ab" * 32
SAID = Said("call 911 now", "en", 1, 3)


def automatic(minutes, state=State.SENT, what="danger", reason=""):
    key = automatic_key("springfield", HASH, after(minutes), what)
    return automatic_row(key, SAID, state, reason, None, ("twilio", "SM1"))


def test_what_answered_by_itself_is_finished_and_says_when_and_by_whom():
    row = automatic(1)

    assert (row.automatic, row.awaits, row.tried, row.by_itself) == (True, False, True, False)
    assert (row.at, row.sent_at, row.provider) == (after(1), after(1), "twilio")
    assert automatic(1, State.FAILED).sent_at is None


def test_a_call_has_the_answers_from_its_first_text_until_fourteen_days_after_its_last():
    rows = [automatic(minutes) for minutes in (-1, 3, 0, 10)]
    late = automatic(10 + LEADS_BACK / timedelta(minutes=1) + 1)

    assert of_a_call([*rows, late], NOW, after(10)) == (rows[2], rows[1], rows[3])


def test_an_answer_that_failed_is_told_and_one_that_waits_or_was_withheld_is_not():
    key = automatic_key("springfield", HASH, after(1), "x")
    waits = answer_row(key, SAID, "desk:id:1", NOW, NOW, None)
    failed, withheld = automatic(2, State.FAILED), waits.moved(State.SUPPRESSED, "stopped")

    assert of_a_call([waits, failed, withheld], NOW, after(5)) == (failed,)
