"""Times at which something was first seen: the earliest of them counts, and a time that was told takes its place."""

import itertools
from datetime import timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.incidents.incident import Incident
from chalicelib.domain.incidents.merge import Stamp
from chalicelib.domain.incidents.news import says_the_same
from chalicelib.domain.incidents.release import Release
from chalicelib.domain.incidents.sights import MOST_SIGHTS
from chalicelib.domain.incidents.update import Latch
from tests.factories import NOW, after, incident, update
from tests.strategies import updates


def seen(minutes, **more):
    """Return a snapshot that says that officers are there, read so many minutes later."""
    return update(after(minutes), arrived_at=after(minutes), first_seen=frozenset({"arrived_at"}), **more)


def arrived(*told):
    """Return when officers arrived, by these words in each order; it is the same in all of them."""
    (at,) = {incident(*order).facts.arrived_at for order in itertools.permutations(told)}
    return at


def test_of_several_snapshots_the_first_counts():
    assert arrived(seen(3), seen(4), seen(5)) == after(3)


def test_a_time_that_was_told_later_takes_its_place():
    assert arrived(seen(3), seen(4), update(after(6), arrived_at=after(2))) == after(2)


def test_a_time_that_was_told_earlier_gives_way_to_what_is_seen_later():
    assert arrived(update(after(1), arrived_at=after(1)), seen(4), seen(5)) == after(4)


def test_what_was_seen_before_a_time_was_told_still_counts_among_what_is_seen():
    assert arrived(seen(3), update(after(4), arrived_at=after(2)), seen(5)) == after(3)


def test_a_time_that_was_told_wins_where_both_are_as_of_the_same_instant():
    assert arrived(seen(3), update(after(3), arrived_at=after(1))) == after(1)


def test_an_arrival_that_was_taken_back_is_back_with_the_first_time_when_it_is_seen_again():
    assert arrived(seen(3), update(after(4), arrived_at=None)) is None
    assert arrived(seen(3), update(after(4), arrived_at=None), seen(5)) == after(3)


def shut(minutes, at=None, **more):
    """Return a snapshot that says that the call is closed."""
    facts = {"closed_at": after(minutes if at is None else at)}
    return update(after(minutes), first_seen=frozenset({"closed_at"}), **facts, **more)


def closed(*told):
    (at,) = {incident(*order).facts.closed_at for order in itertools.permutations(told)}
    return at


def test_a_closing_that_was_taken_back_counts_anew_when_it_is_seen_again():
    again = update(after(4), closed_at=None)

    assert closed(shut(2), shut(3)) == after(2)
    assert closed(shut(2), shut(3), again) is None
    assert closed(shut(2), shut(3), again, shut(6), shut(7)) == after(6)
    assert closed(shut(2), again, update(after(5), closed_at=None), shut(6), shut(7)) == after(6)


def test_of_two_words_of_one_instant_the_closing_counts_unless_the_senders_order_says_otherwise():
    assert closed(shut(2), update(after(4), closed_at=None), shut(4)) == after(4)
    assert closed(shut(2), shut(4), update(after(4), closed_at=None, sequence=1)) is None


def test_one_system_does_not_open_what_the_other_closed():
    assert closed(shut(2), shut(5), update(after(4), closed_at=None, source="rms")) == after(2)


def test_a_row_from_before_closings_were_kept_one_by_one_keeps_its_time():
    before = msgspec.structs.replace(incident(shut(2)), sights={})

    assert before.merge(shut(3)).facts.closed_at == after(2)
    assert before.merge(update(after(4), closed_at=None)).merge(shut(6)).merge(shut(7)).facts.closed_at == after(6)


def test_what_is_kept_of_a_closing_that_is_seen_a_thousand_times_is_small():
    known = incident(*(shut(minutes) for minutes in range(1, 200)))

    assert known.facts.closed_at == after(1)
    assert len(known.sights["closed_at"]) == MOST_SIGHTS


def test_each_source_sees_for_both():
    assert arrived(seen(3), seen(2, source="rms")) == after(2)


def test_what_a_release_before_stored_is_read_and_it_reads_what_is_stored_now():
    class Before(msgspec.Struct, frozen=True, array_like=True):
        as_of: str
        update_id: str = ""
        sequence: int = 0
        source: str = ""

    now = msgspec.json.encode(Stamp(NOW, source="cad", first_seen=1))
    assert msgspec.json.decode(now, type=Before).source == "cad"
    assert msgspec.json.decode(msgspec.json.encode(Before(NOW.isoformat(), source="cad")), type=Stamp).first_seen == 0


def read(minutes, **told):
    return update(after(minutes), as_of_now=True, **told)


def test_a_snapshot_that_was_only_read_later_says_the_same():
    once = incident(read(1, priority="3", latches=frozenset({Latch.JUVENILE}), unsafe_parties=frozenset({"1"})))
    again = read(2, priority="3", latches=frozenset({Latch.JUVENILE}), unsafe_parties=frozenset({"1"}))

    assert says_the_same(once, once.merge(again))
    assert not says_the_same(once, once.merge(read(2, priority="2")))
    assert not says_the_same(once, once.merge(read(2, priority="3", source="rms")))
    assert not says_the_same(incident(), once)


@pytest.mark.parametrize(
    ("what", "said"), [("juvenile", {"latches": frozenset({Latch.JUVENILE})}), ("unsafe", {"unsafe_parties": {"1"}})]
)
def test_a_word_that_is_said_again_after_its_release_is_news_once(what, said):
    first = incident(read(1, parties={"1": {"role": "caller"}}, **said))
    party = {"party_id": "1"} if what == "unsafe" else {}
    released = first.release(Release(what=what, author="a", reason="b", at=after(2), **party))
    held = released.merge(read(3, **said))

    assert not says_the_same(released, held)
    assert says_the_same(held, held.merge(read(4, **said)))


@given(st.lists(updates, max_size=8), st.data())
def test_leaving_out_what_is_no_news_changes_no_value(told, data):
    """Snapshots that are read one after the other, each as of its reading."""
    whole, fewer = incident(), incident()
    for place, each in enumerate(told):
        at = NOW + timedelta(seconds=place)
        snapshot = msgspec.structs.replace(each, as_of=at, sequence=0, as_of_now=True)
        for one in [snapshot] * data.draw(st.integers(1, 2)):
            whole, merged = whole.merge(one), fewer.merge(one)
            fewer = fewer if says_the_same(fewer, merged) else merged

    assert says_the_same(whole, fewer)
    assert whole.facts == fewer.facts


def test_an_incident_without_such_times_is_stored_as_before():
    assert b"first_seen" not in msgspec.json.encode(incident(update(NOW, priority="3")))
    assert isinstance(incident(), Incident)
