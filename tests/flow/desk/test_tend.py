"""The sweep tends what only time tells; a crash is put right a minute later."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from chalicelib.domain.desk.attention import Attention, Cause
from chalicelib.domain.incidents.feed_health import UNLEARNED, FeedBook, Tally
from chalicelib.domain.incidents.update import Latch
from chalicelib.domain.names import Kind
from chalicelib.domain.notifications.breaker import MOST_FAILURES, Breaker
from chalicelib.domain.notifications.pause import Pause
from chalicelib.domain.notifications.reasons import Reason
from chalicelib.flow.desk.tend import tend_attention
from chalicelib.flow.notifications.watch_feeds import watch_feeds
from chalicelib.virtual.fiction import fictional_phone
from tests.factories import NOW, after, agency, call, caller
from tests.flow.city import City, ports


def names(world):
    return {one.name for one in world.attention.of("springfield")}


@pytest.fixture
def world():
    made = ports()
    made.settings.note_feed("springfield", NOW, Tally(updates=1))
    return made


def test_where_all_is_well_nothing_is_written(world):
    tend_attention(world, after(1))

    assert names(world) == set()


def test_a_silent_feed_is_there_until_it_is_heard_again(world):
    silent = NOW + UNLEARNED + timedelta(minutes=1)
    for _ in range(2):
        tend_attention(world, silent)
        assert names(world) == {(Cause.FEED, "silent")}

    world.settings.note_feed("springfield", silent, Tally(updates=1))
    tend_attention(world, silent)
    assert names(world) == set()


def test_a_provider_that_is_down_is_there_until_it_takes_a_message(world):
    down = Breaker()
    for _ in range(MOST_FAILURES):
        down = down.after_failure(NOW)
    world.settings.note_breakers("springfield", {}, {"twilio": down})
    tend_attention(world, after(1))
    assert names(world) == {(Cause.PROVIDER, "twilio")}

    world.settings.note_breakers("springfield", {"twilio": down}, {})
    tend_attention(world, after(2))
    assert names(world) == set()


def test_overdue_texts_are_one_entry_with_their_number():
    city = City()
    city.tell(call())
    tend_attention(city.ports, after(10))

    (one,) = city.ports.attention.of("springfield")
    assert (one.cause, one.count) == (Cause.OVERDUE, 1)


def test_one_agency_in_trouble_does_not_keep_the_others_from_their_list(world):
    other = ports()
    other.settings.agencies = lambda: ["nobody", "springfield"]
    feed = other.settings.feed

    def broken(agency_id):
        if agency_id == "nobody":
            raise RuntimeError("no")
        return feed(agency_id)

    other.settings.feed = broken
    other.settings.note_feed("springfield", NOW, Tally(updates=1))
    with pytest.raises(ExceptionGroup):
        tend_attention(other, NOW + UNLEARNED + timedelta(minutes=1))

    assert names(other) == {(Cause.FEED, "silent")}


class TestHeldCalls:
    def crowd(self, **more):
        return call(parties={str(each): caller(fictional_phone(each)) for each in range(3)}, **more)

    def test_a_mass_call_is_there_from_its_first_word_on_and_gone_with_its_last_text(self):
        city = City(replace(agency(), mass_call=3))
        city.tell(self.crowd())
        assert names(city.ports) == {(Cause.HELD, "P26-1")}

        city.tell(self.crowd(at=after(2), cancelled_at=after(2)))
        assert names(city.ports) == set()

    def test_an_entry_whose_last_texts_ended_at_once_is_gone_within_ten_minutes(self):
        """Each of two workers sees the other's text wait still, and one of them has the last word."""
        city = City(replace(agency(), mass_call=3))
        city.tell(self.crowd())
        (one,) = city.ports.attention.of("springfield", {Cause.HELD})
        city.tell(self.crowd(at=after(2), cancelled_at=after(2)))
        city.ports.attention.note("springfield", Attention(begun=(replace(one, count=1),)))

        for minute in range(10):
            tend_attention(city.ports, after(3 + minute))

        assert (Cause.HELD, "P26-1") not in names(city.ports)

    def test_an_entry_is_counted_again_and_stays_whose_it_is(self):
        city = City(replace(agency(), mass_call=3))
        city.tell(self.crowd())
        (one,) = city.ports.attention.of("springfield", {Cause.HELD})
        city.ports.attention.note("springfield", Attention(begun=(replace(one, count=one.count + 5),)))
        (known,) = city.ports.attention.of("springfield", {Cause.HELD})
        city.ports.attention.take(known, "somebody", after(1))

        for minute in range(10):
            tend_attention(city.ports, after(minute))

        (now,) = city.ports.attention.of("springfield", {Cause.HELD})
        assert (now.count, now.since, now.taken_by) == (one.count, one.since, "somebody")

    def test_an_entry_that_somebody_writes_meanwhile_is_left_to_them(self):
        city = City(replace(agency(), mass_call=3))
        city.tell(self.crowd())
        (one,) = city.ports.attention.of("springfield", {Cause.HELD})
        city.ports.attention.note("springfield", Attention(begun=(replace(one, count=9),)))
        load = city.ports.incidents.load

        def overtaken(key):
            city.ports.attention.note("springfield", Attention(begun=(replace(one, count=7),)))
            return load(key)

        city.ports.incidents.load = overtaken
        for minute in range(10):
            tend_attention(city.ports, after(minute))

        assert [each.count for each in city.ports.attention.of("springfield", {Cause.HELD})] == [7]

    def test_settled_and_latched_calls_take_no_more_reads(self):
        city = City(replace(agency(), mass_call=3))
        city.tell(self.crowd(latches={Latch.JUVENILE}))
        reads = []
        city.ports.incidents.load = reads.append
        for minute in range(10):
            tend_attention(city.ports, after(minute))

        assert reads == []

    def test_settings_that_came_since_are_heeded_at_the_next_look(self):
        city = City(agency())
        city.tell(self.crowd())
        assert names(city.ports) == set()
        city.ports.settings.pauses = (Pause(of="agency", which="", author="a", reason="b", at=NOW),)
        city.run_until(after(1))
        city.ports.settings.pauses = ()

        strict = replace(agency(), mass_call=3)
        city.ports.settings.publish(strict)
        city.agency = strict
        city.run_until(after(4))

        assert city.row(Kind.ACKNOWLEDGMENT, "0").reason == Reason.MASS_CALL
        assert names(city.ports) == {(Cause.HELD, "P26-1")}
        city.ports.settings.publish(agency())
        city.run_until(after(9))
        assert names(city.ports) == set()


def test_renamed_codes_wait_as_one_entry_with_their_share_since_they_began(world):
    usual = FeedBook(since=NOW, tallied_at=NOW, usual=10)
    world.settings.note_book("springfield", None, usual)
    for minute in range(1, 30):
        world.settings.note_feed("springfield", after(minute), Tally(updates=4, typed=4, unlisted=4))
        watch_feeds(world, after(minute))
        tend_attention(world, after(minute))

    (one,) = (each for each in world.attention.of("springfield") if each.cause is Cause.UNJUDGED)
    assert (one.count, one.since) == (100, after(3))
