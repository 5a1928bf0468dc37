"""Feeds at the desk: how updates come in, what to do where they do not, and nothing that a person said."""

from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from chalicelib.aws.stores.mappings import PublishedMapping
from chalicelib.domain.incidents.feed_health import FeedBook, FeedTrouble, Tally
from chalicelib.insight.status.feeds import fields_of
from tests.web.desk.valid import problems
from tests.web.desk.world import asked

PATH = "/desk/springfield/feeds"
NASTY = "<script>alert(1)</script>"
FULL = {
    FeedTrouble.REJECTED: Tally(updates=20, rejected=20),
    FeedTrouble.LATE: Tally(updates=20, late=20),
    FeedTrouble.AHEAD: Tally(updates=20, ahead=20),
    FeedTrouble.UNKNOWN_TYPES: Tally(updates=20, typed=20, unlisted=20),
    FeedTrouble.SILENT: Tally(updates=1),
}


@pytest.fixture
def watcher(world):
    return world.signed_in("watch")


@pytest.fixture
def tell(world, monkeypatch):
    """Return what lets the feed have told so much, so many minutes ago."""

    def told(tally, minutes=1):
        at = world.now - timedelta(minutes=minutes)
        book = FeedBook(since=world.now - timedelta(days=30), tallied_at=at, usual=5)
        heard = replace(world.settings.feed("springfield")[0], heard_at=at, told_at=at, tally=tally)
        monkeypatch.setattr(type(world.settings._port), "feed", lambda *_: (heard, book))

    return told


def test_a_feed_that_never_spoke_says_so_and_what_to_do(world, watcher):
    body = asked(world, "GET", PATH, cookie=watcher).body

    assert "Nothing was ever heard from dispatch" in body
    assert "Ask the vendor to post once" in body


def test_a_feed_that_is_well_says_so(world, watcher, tell):
    tell(Tally(updates=1234))
    answer = asked(world, "GET", PATH, cookie=watcher)

    assert "come in as usual" in answer.body
    assert "1,234" in answer.body
    assert problems(answer.body) == []


@pytest.mark.parametrize("trouble", FULL)
def test_each_trouble_says_what_it_is_what_to_do_and_whom_to_call(world, watcher, tell, trouble):
    tell(FULL[trouble], 600 if trouble is FeedTrouble.SILENT else 1)
    body = asked(world, "GET", PATH, cookie=watcher).body

    assert "Call first the dispatch floor" in body
    assert "come in as usual" not in body


def test_the_part_that_changes_is_sent_once(world, watcher, tell):
    tell(Tally(updates=5))
    first = asked(world, "GET", f"{PATH}-live", cookie=watcher)
    again = asked(world, "GET", f"{PATH}-live", cookie=watcher, headers={"if-none-match": first.headers["ETag"]})
    tell(Tally(updates=6))
    later = asked(world, "GET", f"{PATH}-live", cookie=watcher, headers={"if-none-match": first.headers["ETag"]})

    assert (first.status_code, again.status_code, later.status_code) == (200, 304, 200)
    assert first.body.lstrip().startswith('<div id="feeds"')


def test_an_admin_sees_which_fields_were_wrong_and_others_do_not(world, watcher):
    world.sent.errors = ["updates[3].parties.1.phone: '303-555-0123' is no phone", f"{NASTY}", "not JSON"]
    at = datetime(2026, 11, 1, tzinfo=UTC)
    world.sent.mappings = [PublishedMapping("acme", 4, "desk:login.example:ann", "x", at)]
    admin = asked(world, "GET", PATH, cookie=world.signed_in("admin")).body
    other = asked(world, "GET", PATH, cookie=watcher).body

    assert "parties.1.phone" in admin
    assert "acme, version 4" in admin
    assert "0123" not in admin
    assert NASTY not in admin
    assert "parties.1.phone" not in other


def test_an_error_s_own_words_are_no_field():
    assert fields_of(["updates[0].a.b: x", "a.b: y", "Dana Ruiz said: no", "x"]) == (("a.b", 2), ("", 2))


def test_a_feed_that_can_t_be_read_is_said(world, watcher, monkeypatch):
    def down(*_):
        raise TimeoutError

    monkeypatch.setattr(type(world.settings._port), "feed", down)
    answer = asked(world, "GET", PATH, cookie=watcher)

    assert answer.status_code in (200, 500)


def test_the_part_that_changes_takes_one_read_beside_the_session(world, watcher, tell):
    asked(world, "GET", f"{PATH}-live", cookie=watcher)
    world.calls.clear()
    asked(world, "GET", f"{PATH}-live", cookie=watcher)

    assert world.calls == {"sessions.find": 1, "settings.agency": 1, "settings.feed": 1}
