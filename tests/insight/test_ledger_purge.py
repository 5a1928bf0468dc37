"""Purges of the ledger: by schedule alone, by order with two people, and each with an entry that stays."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from chalicelib.domain.approval import Author, NotApproved, Unidentified
from chalicelib.domain.duration import Duration
from chalicelib.domain.incidents.legal_hold import LegalHold, of_incident
from chalicelib.domain.ledger.noted import Noted, incident
from chalicelib.domain.ledger.what import What
from chalicelib.domain.settings.incident_types import Retention
from chalicelib.domain.settings.weaker import weaker
from chalicelib.insight.approval import approve as second
from chalicelib.insight.approval.purging import TooLate, propose_purge
from chalicelib.insight.ledger.purge import NothingToPurge, by_schedule
from chalicelib.ports.errors import NotNoted
from chalicelib.virtual.ledger import MemoryLedger
from chalicelib.virtual.world import MemoryPorts
from tests.factories import NOW, after, agency

ANN, BEN = "arn:aws:iam::111122223333:user/ann", "arn:aws:iam::111122223333:user/ben"
DAY = timedelta(days=1)
OURS = agency(retention=Retention(ledger=Duration(days=400), schedule="100.080"))
OLD = NOW - 500 * DAY


class Stack(MemoryPorts):
    def __init__(self):
        super().__init__(OURS)
        self.caller = ANN
        for days in (500, 450, 100, 10):
            self.ledger.note(look(days))


class Down(MemoryLedger):
    """A ledger that takes no entry of looks and acts."""

    def note(self, _noted):
        raise NotNoted


@pytest.fixture
def stack():
    return Stack()


def look(days):
    what, about = What.LOOKED, incident(f"P26-{days}")
    return Noted(at=NOW - days * DAY, agency_id="springfield", by=ANN, what=what, about=about)


def kept(stack):
    return [one.about for one in stack.ledger.notes if one.what == What.LOOKED]


def tombstones(stack):
    found = (one for one in stack.ledger.notes if one.what == What.PURGED)
    return [(one.by, one.about, one.count, one.reason, one.ticket) for one in found]


def order(stack, since=NOW - 200 * DAY, before=NOW - 50 * DAY, by=ANN):
    return propose_purge(stack, "springfield", since, before, Author(by), "order 26-9", NOW)


def test_the_schedule_lets_go_of_what_is_older_than_the_settings_say_and_says_so(stack):
    done = by_schedule(stack, OURS, ANN, NOW)

    assert done.count == 2
    assert kept(stack) == ["incident P26-100", "incident P26-10"]
    first, last = (f"{NOW - days * DAY:%Y-%m-%d}" for days in (500, 400))
    assert tombstones(stack) == [(ANN, f"{first} to {last}", 2, "schedule", "100.080")]
    with pytest.raises(NothingToPurge):
        by_schedule(stack, OURS, ANN, NOW)


def test_an_order_waits_for_a_second_person_and_names_both(stack):
    waits = order(stack)
    assert kept(stack) == ["incident P26-500", "incident P26-450", "incident P26-100", "incident P26-10"]
    assert waits.act.ends[0].startswith("1 looks and acts of ")

    with pytest.raises(NotApproved):
        second.approve(stack, waits, Author(ANN), after(1))
    assert second.approve(stack, waits, Author(BEN), after(1)).startswith("purged: 1 entries of the ledger, ")
    assert kept(stack) == ["incident P26-500", "incident P26-450", "incident P26-10"]
    ((by, about, count, _, ticket),) = tombstones(stack)
    assert (by, about, count, ticket) == (f"{ANN} and {BEN}", waits.act.words["days"], 1, "order 26-9")
    assert [(one.step, one.by) for one in stack.ledger.entries] == [("proposed", ANN), ("approved", BEN), ("done", BEN)]


def test_an_order_is_void_once_it_would_delete_something_else(stack):
    waits = order(stack)
    stack.ledger.note(look(60))

    with pytest.raises(NotApproved, match="changed since"):
        second.approve(stack, waits, Author(BEN), after(1))
    assert tombstones(stack) == []


@pytest.mark.parametrize(("since", "before"), [(NOW, NOW), (NOW, NOW - DAY), (NOW - DAY, NOW + DAY)])
def test_an_order_is_of_days_that_are_over(stack, since, before):
    with pytest.raises(TooLate):
        order(stack, since, before)


def test_nothing_is_ordered_where_nothing_is_or_by_nobody(stack):
    with pytest.raises(NothingToPurge):
        order(stack, NOW - 99 * DAY, NOW - 50 * DAY)
    with pytest.raises(Unidentified):
        order(stack, by="arn:aws:iam::111122223333:root")


def test_what_a_legal_hold_keeps_stays(stack):
    hold = LegalHold(author=ANN, reason="claim 26-17", at=NOW)
    stack.settings.under_hold = {of_incident("P26-500"): hold, "3f2a9c01d77b" + "0" * 52: hold}

    assert by_schedule(stack, OURS, ANN, NOW).count == 1
    assert kept(stack)[0] == "incident P26-500"


def test_entries_of_purges_are_never_purged(stack):
    by_schedule(stack, OURS, ANN, NOW)
    much_later = NOW + 3000 * DAY
    by_schedule(stack, OURS, BEN, much_later)

    assert [by for by, *_ in tombstones(stack)] == [ANN, BEN]
    assert kept(stack) == []


def test_what_can_not_be_noted_is_not_purged(stack):
    waits = order(stack)
    down = Down()
    down.notes, down.entries = stack.book.notes, stack.book.entries
    stack.book = down

    for purge in (
        lambda: by_schedule(stack, OURS, ANN, NOW),
        lambda: second.approve(stack, waits, Author(BEN), after(1)),
    ):
        with pytest.raises(NotNoted):
            purge()
    assert len(kept(stack)) == 4
    assert [one.step for one in down.entries] == ["proposed", "approved", "failed"]


def test_a_shorter_time_takes_two_people_and_less_than_a_year_is_refused():
    shorter = replace(OURS, retention=replace(OURS.retention, ledger=Duration(days=365)))

    assert weaker(OURS, shorter) == ("retention.ledger gets shorter: 400d becomes 365d",)
    with pytest.raises(ValueError, match="a year at least"):
        replace(OURS, retention=Retention(ledger=Duration(days=364)))
