"""The order of an act and its note, also where the ledger is down."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.ledger.noted import Noted, Unnotable
from chalicelib.domain.ledger.what import BRAKES, What
from chalicelib.flow.ledger.act import act_noted, all_noted_first
from chalicelib.ports.errors import NotNoted
from tests.factories import NOW

WIDENS = sorted(set(What) - BRAKES)


class Book:
    """A ledger that may be down, and all that happened, in order."""

    def __init__(self, *, down=False):
        self.down, self.happened = down, []

    def note(self, *noted):
        if self.down:
            raise NotNoted
        self.happened.append(" and ".join("failed" if one.failed else "noted" for one in noted))

    def act(self):
        self.happened.append("done")
        return "result"

    def breaks(self):
        raise LookupError("nothing is paused")

    def told(self, problem):
        self.happened.append(type(problem).__name__)

    def run(self, what, act=None, entry=None):
        made = entry or (lambda: Noted(at=NOW, agency_id="springfield", by="x", what=what, about="incident 1"))
        return act_noted(what, made, act or self.act, self.note, self.told)


def unfit():
    raise Unnotable("ticket: no")


@given(st.sampled_from(sorted(What)))
def test_each_act_is_done_once_and_noted_once_in_the_order_of_its_kind(what):
    book = Book()

    assert book.run(what) == "result"
    assert book.happened == (["done", "noted"] if what in BRAKES else ["noted", "done"])


@pytest.mark.parametrize("what", WIDENS)
def test_nothing_widens_while_the_ledger_is_down(what):
    book = Book(down=True)

    with pytest.raises(NotNoted):
        book.run(what)
    assert book.happened == []


@pytest.mark.parametrize("what", sorted(BRAKES))
def test_a_brake_works_while_the_ledger_is_down_and_says_so(what):
    book = Book(down=True)

    assert book.run(what) == "result"
    assert book.happened == ["done", "NotNoted"]


def test_an_entry_that_can_not_be_made_stops_what_widens_and_no_brake():
    book = Book()

    with pytest.raises(Unnotable):
        book.run(What.REVEALED, entry=unfit)
    assert book.happened == []
    assert book.run(What.PAUSED, entry=unfit) == "result"
    assert book.happened == ["done", "Unnotable"]


def test_what_was_noted_and_then_not_done_is_noted_as_such():
    book = Book()

    with pytest.raises(LookupError, match="nothing is paused"):
        book.run(What.RESUMED, book.breaks)
    assert book.happened == ["noted", "failed"]


def test_an_act_that_fails_says_why_although_the_ledger_went_down_meanwhile():
    book = Book()

    def fails():
        book.down = True
        book.breaks()

    with pytest.raises(LookupError, match="nothing is paused"):
        book.run(What.RESUMED, fails)
    assert book.happened == ["noted"]


def test_a_brake_that_did_not_work_is_not_noted_as_done():
    book = Book()

    with pytest.raises(LookupError):
        book.run(What.PAUSED, book.breaks)
    assert book.happened == []


def test_what_has_two_entries_writes_them_at_once_and_both_say_that_it_failed():
    book = Book()
    entries = [Noted(at=NOW, agency_id="springfield", by="x", what=what, about="x") for what in WIDENS[:2]]

    assert all_noted_first(lambda: entries, book.act, book.note) == "result"
    with pytest.raises(LookupError):
        all_noted_first(lambda: entries, book.breaks, book.note)
    assert book.happened == ["noted and noted", "done", "noted and noted", "failed and failed"]
