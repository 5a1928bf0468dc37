"""What is recent and what waits, as memory and DynamoDB keep it."""

from datetime import timedelta
from uuid import uuid4

import pytest
from msgspec.structs import replace

from chalicelib.aws.stores.recent import at_place
from chalicelib.aws.tables import IncidentItem
from chalicelib.domain.desk.attention import Attention, Cause, Waiting
from chalicelib.domain.desk.recent import Wanted, recent_call
from chalicelib.domain.names import Kind
from chalicelib.domain.notifications.notification import State
from chalicelib.ports.errors import Conflict
from rigs.meter import blocks
from tests.aws.test_stores import change, claim
from tests.factories import NOW, after, call, incident, row

DAY = timedelta(days=1)
ENDS = Attention(ended=frozenset({(Cause.HELD, "C1")}))


@pytest.fixture
def agency_id():
    """Return an agency that nobody else has, so that its days are its own."""
    return f"agency-{uuid4().hex[:12]}"


def story(agency_id, number, at=NOW, rows=(), version=0, **facts):
    known = replace(incident(call(incident_number=number, **facts), number=number), agency_id=agency_id)
    theirs = tuple(of(agency_id, each, at) for each in rows)
    return change(number, version, theirs, incident=known, created_at=at)


def of(agency_id, one, at):
    return replace(one, key=replace(one.key, agency_id=agency_id), created_at=at)


def shown(page):
    return [(one.key.incident_number, one.kind) for one in page.found]


class TestRecent:
    def test_a_call_and_its_messages_are_there_once_they_are_saved(self, world, agency_id):
        world.incidents.save(story(agency_id, "C1", rows=[row(number="C1"), row(Kind.DELAY, number="C1")]))

        page = world.recent.of(agency_id, NOW - DAY, NOW + DAY)

        assert sorted(shown(page), key=str) == [("C1", "acknowledgment"), ("C1", "delay"), ("C1", None)]
        assert page.after == ""

    def test_the_latest_comes_first_over_the_end_of_a_day(self, world, agency_id):
        at = {f"C{number}": NOW - number * timedelta(hours=7) for number in range(9)}
        for number, began in sorted(at.items()):
            world.incidents.save(story(agency_id, number, began))

        page = world.recent.of(agency_id, NOW - 2 * DAY, NOW)

        assert [number for number, _ in shown(page)] == [f"C{number}" for number in range(7)]

    def test_pages_follow_each_other_without_a_gap_and_without_a_repetition(self, world, agency_id):
        for number in range(23):
            world.incidents.save(story(agency_id, f"C{number:02}", NOW - number // 3 * timedelta(hours=5)))
        found, after_ = [], ""

        for _ in range(23):
            page = world.recent.of(agency_id, NOW - 5 * DAY, NOW, most=4, after=after_)
            found += shown(page)
            after_ = page.after
            if not after_:
                break

        assert page.after == ""
        assert sorted(found) == [(f"C{number:02}", None) for number in range(23)]
        assert found == shown(world.recent.of(agency_id, NOW - 5 * DAY, NOW))

    def test_it_says_what_lists_show_as_it_is_now(self, world, agency_id):
        world.incidents.save(story(agency_id, "C1", rows=[row(number="C1")], incident_type="NOISE", beat="12"))
        world.incidents.save(story(agency_id, "C1", version=1, incident_type="THEFT", beat="13", closed_at=after(9)))

        (one,) = world.recent.of(agency_id, NOW - DAY, NOW, wanted=Wanted(kind="call")).found

        assert (one.incident_type, one.beat, one.state) == ("THEFT", "13", "closed")

    def test_a_message_moves_with_each_write_of_it(self, world, agency_id):
        written = of(agency_id, replace(row(number="C1"), incident_type="NOISE", beat="12"), NOW)
        world.incidents.save(story(agency_id, "C1", rows=[written]))
        stored = world.incidents.load(written.key.incident).rows[written.key]
        claimed = world.incidents.claim(stored.moved(State.SENDING, after(1)), claim())
        world.incidents.put(claimed.moved(State.FAILED, after(1), "no_route"))

        (one,) = world.recent.of(agency_id, NOW - DAY, NOW, wanted=Wanted(kind="acknowledgment")).found

        assert (one.state, one.reason, one.notification) == ("failed", "no_route", written.key)
        assert (one.incident_type, one.beat) == ("NOISE", "12")

    def test_only_what_is_wanted_comes(self, world, agency_id):
        for number, beat in enumerate(("12", "13", "12")):
            world.incidents.save(story(agency_id, f"C{number}", NOW - number * DAY, beat=beat))

        page = world.recent.of(agency_id, NOW - 5 * DAY, NOW, wanted=Wanted(beat="12"))

        assert [number for number, _ in shown(page)] == ["C0", "C2"]

    def test_agencies_are_apart(self, world, agency_id):
        world.incidents.save(story(f"{agency_id}-b", "C1"))

        assert world.recent.of(agency_id, NOW - DAY, NOW).found == ()


def test_what_has_expired_is_left_out(tables, agency_id):
    gone, stays = story(agency_id, "C1"), story(agency_id, "C2")
    tables.incidents.save(replace(gone, keep_until=NOW - DAY))
    tables.incidents.save(replace(stays, keep_until=NOW + DAY))

    assert shown(tables.recent.of(agency_id, NOW - DAY, NOW)) == [("C2", None)]


def test_a_page_costs_the_same_however_much_is_stored(tables, agency_id):
    """Four reads of a page's length each: with 300 calls as with a million, open or not, since no more is asked for."""
    made, asked = [], tables.connection.client.meta.events
    fill(tables, agency_id, range(60))
    asked.register("after-call.dynamodb.Query", lambda parsed, **_: made.append(blocks(parsed["Items"])), "counted")

    def cost(**more):
        made.clear()
        assert len(tables.recent.of(agency_id, NOW - 30 * DAY, NOW, most=10, **more).found) == 10
        return len(made), sum(made)

    few = cost()
    fill(tables, agency_id, range(60, 300))
    many, later = cost(), cost(after=tables.recent.of(agency_id, NOW - 30 * DAY, NOW, most=10).after)
    asked.unregister("after-call.dynamodb.Query", unique_id="counted")

    assert few == many == (4, 4)  # each at most 11 entries of 300 bytes: half a unit
    assert later == many


def fill(tables, agency_id, numbers):
    """Write calls of today, and as many of the days before, as small as they can be."""
    items = tables.bound[IncidentItem]
    with items.batch_write() as batch:
        for number in numbers:
            at = NOW - timedelta(seconds=number) - (number % 3 == 2) * (number % 9) * DAY
            one = recent_call(
                replace(incident(call(beat="12")), agency_id=agency_id, incident_number=f"C{number}"), at, ()
            )
            pk = f"{agency_id}#C{number}"
            batch.save(items(pk, "incident", version=1, **at_place(pk, one)))


class TestCallsOfAPerson:
    def test_an_address_leads_to_its_incidents_the_latest_first(self, world, agency_id):
        for number, at in (("C1", NOW), ("C2", NOW - DAY), ("C3", NOW - 2 * DAY)):
            world.incidents.save(replace(story(agency_id, number, at), met=frozenset({"+13035550101"})))

        found = world.contacts.incidents_of(agency_id, "+13035550101")

        assert found == ((NOW, "C1"), (NOW - DAY, "C2"), (NOW - 2 * DAY, "C3"))
        within = world.contacts.incidents_of(agency_id, "+13035550101", NOW - DAY, NOW - DAY)
        assert within == ((NOW - DAY, "C2"),)
        assert world.contacts.incidents_of(agency_id, "+13035550102") == ()

    def test_they_are_not_in_what_deliver_reads(self, tables, agency_id):
        tables.incidents.save(replace(story(agency_id, "C1"), met=frozenset({"+13035550101"})))

        seen = tables.bound_contacts.query(
            tables.contacts.partition(agency_id, "+13035550101"), tables.bound_contacts.sk >= "day#0000"
        )

        assert list(seen) == []
        assert tables.contacts.calls(agency_id, "+13035550101") == ()


def waiting(agency_id, about="C1", cause=Cause.HELD, **more):
    return Waiting(agency_id=agency_id, cause=cause, about=about, since=NOW, **more)


class TestAttention:
    def test_what_begins_is_there_and_what_ends_is_not(self, world, agency_id):
        held, down = waiting(agency_id, until=after(9)), waiting(agency_id, "twilio", Cause.PROVIDER)
        world.attention.note(agency_id, Attention(begun=(held, down)))

        assert set(world.attention.of(agency_id)) == {held, down}
        assert world.attention.of(agency_id, [Cause.HELD]) == (held,)
        world.attention.note(agency_id, Attention(ended=frozenset({held.name, (Cause.FEED, "silent")})))
        assert world.attention.of(agency_id) == (down,)

    def test_it_is_written_with_its_cause_or_not_at_all(self, world, agency_id):
        begins = Attention(begun=(waiting(agency_id),))
        world.incidents.save(replace(story(agency_id, "C1"), attention=begins))

        with pytest.raises(Conflict):
            world.incidents.save(
                replace(story(agency_id, "C1"), attention=Attention(ended=frozenset({(Cause.HELD, "C1")})))
            )
        assert world.attention.of(agency_id) == begins.begun
        world.incidents.save(
            replace(story(agency_id, "C1", version=1), attention=Attention(ended=frozenset({(Cause.HELD, "C1")})))
        )
        assert world.attention.of(agency_id) == ()

    def test_a_row_takes_it_along(self, world, agency_id):
        written = of(agency_id, row(number="C1"), NOW)
        world.incidents.save(story(agency_id, "C1", rows=[written]))
        stored = world.incidents.load(written.key.incident).rows[written.key]
        begins = Attention(begun=(waiting(agency_id),))

        moved = world.incidents.put(stored.moved(State.SCHEDULED, NOW, "mass_call"), begins)

        assert world.attention.of(agency_id) == begins.begun
        with pytest.raises(Conflict):
            world.incidents.put(stored, ENDS)
        assert world.attention.of(agency_id) == begins.begun
        world.incidents.claim(moved.moved(State.SENDING, after(1)), claim(attention=ENDS))
        assert world.attention.of(agency_id) == ()

    def test_only_one_takes_it_and_news_of_it_leave_it_theirs(self, world, agency_id):
        one = waiting(agency_id)
        world.attention.note(agency_id, Attention(begun=(one,)))

        taken = world.attention.take(one, "somebody", after(1))

        assert world.attention.of(agency_id) == (taken,)
        with pytest.raises(Conflict):
            world.attention.take(one, "somebody else", after(2))
        world.attention.note(agency_id, Attention(begun=(replace(one, count=3),)))
        assert world.attention.of(agency_id) == (replace(taken, count=3),)
        assert world.attention.take(replace(taken, count=3), "somebody else", after(20)).taken_by == "somebody else"

    def test_an_entry_is_put_right_unless_somebody_wrote_it_since(self, world, agency_id):
        one = waiting(agency_id)
        world.attention.note(agency_id, Attention(begun=(one,)))
        taken = world.attention.take(one, "somebody", after(1))

        world.attention.put_right(taken, Attention(begun=(replace(taken, count=2),)))
        assert world.attention.of(agency_id) == (replace(taken, count=2),)
        with pytest.raises(Conflict):
            world.attention.put_right(taken, ENDS)
        assert world.attention.of(agency_id) == (replace(taken, count=2),)
        world.attention.put_right(replace(taken, count=2), Attention(ended=frozenset({one.name})))
        assert world.attention.of(agency_id) == ()
        with pytest.raises(Conflict):
            world.attention.put_right(taken, ENDS)
        assert world.attention.of(agency_id) == ()

    def test_nobody_takes_what_is_not_there(self, world, agency_id):
        with pytest.raises(Conflict):
            world.attention.take(waiting(agency_id), "somebody", NOW)
        assert world.attention.of(agency_id) == ()
