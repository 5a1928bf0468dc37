import pytest

from chalicelib.domain.incidents.feed_health import LEARNING, FeedBook, Tally
from chalicelib.flow.notifications.watch_feeds import NOTICES, watch_feeds
from chalicelib.ports.errors import Conflict
from chalicelib.ports.notices import Notice
from chalicelib.virtual.world import MemorySettings
from tests.factories import NOW, after, agency
from tests.flow.city import ports

SEEN = FeedBook(since=NOW - LEARNING, tallied_at=NOW)


def watched(told_at=NOW, tally=None):
    world = ports()
    world.settings.note_feed("springfield", told_at, tally or Tally(updates=1))
    world.settings.note_book("springfield", None, SEEN)
    return world


def test_a_feed_that_never_told_anything_is_not_watched():
    world = ports()
    world.settings.note_feed("springfield", NOW)

    watch_feeds(world, after(60 * 24))

    assert world.notices == []
    assert world.settings.feed("springfield")[1] is None


def test_silence_is_told_until_the_feed_is_back():
    world = watched()

    for minute in (15, 16, 17):
        watch_feeds(world, after(minute))
    assert world.notices == [(Notice.FEED_SILENT, {"agency": "springfield"})] * 2

    world.settings.note_feed("springfield", after(18), Tally(updates=1))
    watch_feeds(world, after(18))
    assert len(world.notices) == 2


def test_a_burst_of_rejected_updates_is_told():
    world = watched(tally=Tally(updates=20, rejected=20))

    watch_feeds(world, NOW)

    assert [notice for notice, _ in world.notices] == [Notice.UPDATES_REJECTED]


def test_a_webhook_that_was_refused_whole_is_counted_but_is_no_sign_of_life():
    world = watched()
    world.settings.note_feed("springfield", after(2), Tally(rejected=4))

    heard, _ = world.settings.feed("springfield")
    assert (heard.heard_at, heard.told_at, heard.tally) == (NOW, NOW, Tally(updates=1, rejected=4))


def test_whoever_watches_at_the_same_time_does_no_harm():
    class Beaten(MemorySettings):
        beaten = 0

        def note_book(self, agency_id, before, after):
            self.beaten += 1
            raise Conflict

    settings = Beaten(agency())
    settings.note_feed("springfield", NOW, Tally(updates=1))

    watch_feeds(ports(settings=settings), after(60 * 7))

    assert settings.beaten == 1


def test_every_trouble_has_its_notice():
    assert len(set(NOTICES.values())) == len(NOTICES)
    assert {notice.value for notice in NOTICES.values()} <= {notice.value for notice in Notice}


def test_one_agencys_book_is_not_its_neighbours_trouble():
    class Damaged(MemorySettings):
        def feed(self, agency_id):
            if agency_id == "arden":
                raise LookupError("a book of another world")
            return super().feed(agency_id)

    settings = Damaged(*(agency(agency_id=name) for name in ("arden", "springfield")))
    settings.note_feed("springfield", NOW, Tally(updates=1))
    settings.note_book("springfield", None, SEEN)
    world = ports(settings=settings)

    with pytest.raises(ExceptionGroup) as found:
        watch_feeds(world, after(16))

    assert world.notices == [(Notice.FEED_SILENT, {"agency": "springfield"})]
    assert [(type(one), one.__notes__) for one in found.value.exceptions] == [(LookupError, ["arden"])]
