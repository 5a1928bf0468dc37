"""Posting: nothing dropped for an outage, nothing flooded after one, and one bad update never stops the rest."""

import httpx
import pytest

from feed.config import Feed
from feed.place import FeedChange, Place
from feed.post import MANY_REFUSED, MOST_TRIES, Post, Sender
from tests.factories import NOW
from tests.feed.standin import SECRET


@pytest.fixture
def place(tmp_path):
    held = Place(tmp_path / "feed.db")
    yield held
    held.close()


@pytest.fixture
def sender(place, agency, time_):
    told = Feed(address="https://tell.springfield.example", agency="springfield", mapping="", state="")
    return Sender(told, place, Post(told, SECRET, agency.client, time_.clocks.wall))


def queue(place, *numbers, **more):
    updates = [{"incident_number": number, "as_of": NOW, "incident_type": "NOISE", **more} for number in numbers]
    place.take(
        [FeedChange(item["incident_number"], 0, item, item["incident_number"]) for item in updates], NOW.timestamp()
    )


def pump(sender, time_, seconds, every=0.5):
    for _ in range(int(seconds / every)):
        sender.step(time_.seconds)
        sender.beat(time_.seconds)
        time_.passes(every)


def test_what_waits_goes_in_batches_oldest_first(sender, place, agency, time_):
    queue(place, *(f"N-{number:03}" for number in range(250)))

    pump(sender, time_, 5)

    assert [len(body["updates"]) for body in agency.bodies] == [100, 100, 50]
    assert [body["updates"][0]["incident_number"] for body in agency.bodies] == ["N-000", "N-100", "N-200"]
    assert (agency.accepted, place.count_waiting(), place.note("posted")) == (250, 0, 250)


def test_a_batch_is_as_large_as_a_post_may_be(sender, place, agency, time_):
    queue(
        place,
        *(f"N-{number}" for number in range(100)),
        incident_type_description="x" * 400,
        call_taker_id="\u00e9" * 60,
    )
    pump(sender, time_, 30)

    assert agency.accepted == 100


def test_an_answer_that_was_lost_tells_nothing_twice(sender, place, agency, time_):
    queue(place, "N-1", "N-2")
    answers = iter(["answer_lost", "answer_lost"])
    agency.goes_wrong = lambda: next(answers, "")

    pump(sender, time_, 30)

    assert (agency.accepted, agency.duplicates, place.count_waiting()) == (2, 4, 0)


def test_retry_after_is_kept(sender, place, agency, time_):
    queue(place, "N-1")
    answers = iter([(429, {"retry-after": "40"})])
    agency.goes_wrong = lambda: next(answers, "")
    begin = time_.seconds

    pump(sender, time_, 60)

    assert [at - begin for at in agency.posts][:2] == [0.0, 40.0]


def test_one_update_that_breaks_the_address_is_found_and_set_aside(sender, place, agency, time_):
    queue(place, *(f"N-{number}" for number in range(50)))
    received = agency._received

    def breaks(body, source):
        return httpx.Response(500, json={"error": "broken"}) if b'"N-17"' in body else received(body, source)

    agency._received = breaks
    pump(sender, time_, 120 * MOST_TRIES)

    assert (agency.accepted, place.count_waiting()) == (49, 0)
    assert [(origin, said) for _, origin, said in place.aside()] == [("N-17", "500: broken")]


def test_a_rejected_update_is_set_aside_with_the_field(sender, place, agency, time_):
    queue(place, "N-1")
    queue(place, "N-2", origin="telepathy")

    pump(sender, time_, 5)

    ((_, origin, said),) = place.aside()
    assert (agency.accepted, origin) == (1, "N-2")
    assert said.startswith("origin: Invalid enum value")


def test_a_key_that_is_not_known_loses_nothing(sender, place, agency, time_):
    queue(place, "N-1")
    agency.goes_wrong = lambda: "401"
    pump(sender, time_, 600)
    problem = place.note("post_problem")
    agency.goes_wrong = lambda: ""
    pump(sender, time_, 120)

    assert problem == "401: as asked"
    assert (agency.accepted, place.count_aside(), place.note("post_problem")) == (1, 0, "")


@pytest.mark.parametrize("seconds", [3_600, -3_600])
def test_a_clock_that_is_wrong_is_corrected_by_the_address(sender, place, agency, time_, seconds):
    queue(place, "N-1")
    time_.passes(0)
    agency.skew = type(agency.skew)(seconds=abs(seconds)) if seconds > 0 else agency.skew
    if seconds < 0:
        time_.now -= type(agency.skew)(seconds=seconds)
        agency.skew = type(agency.skew)(seconds=seconds)

    pump(sender, time_, 20)

    assert agency.accepted == 1
    assert abs(place.note("skew") - seconds) <= 1


def test_a_heartbeat_goes_when_a_minute_was_silent_and_nothing_waits(sender, place, agency, time_):
    pump(sender, time_, 300)
    quiet = agency.beats
    queue(place, "N-1")
    pump(sender, time_, 50)

    assert quiet == 5
    assert agency.beats == quiet


def test_what_is_ahead_of_its_time_waits_for_it(place, sender, agency, time_):
    update = {"incident_number": "N-1", "as_of": NOW, "incident_type": "NOISE"}
    place.take([FeedChange("k", 0, update, "N-1", due_at=NOW.timestamp() + 100)], NOW.timestamp())

    pump(sender, time_, 90)
    before = agency.accepted
    pump(sender, time_, 20)

    assert (before, agency.accepted) == (0, 1)


def test_a_feed_of_which_every_update_is_rejected_says_so_and_sends_no_heartbeat(sender, place, agency, time_):
    for number in range(MANY_REFUSED):
        queue(place, f"N-{number}", beat={"no": "beat"})
        pump(sender, time_, 2)
    problem, beats = place.note("post_problem"), agency.beats
    pump(sender, time_, 300)
    silent = agency.beats == beats
    queue(place, "GOOD")
    pump(sender, time_, 300)

    assert problem == "the last 10 updates were all rejected"
    assert silent
    assert agency.beats > beats
    assert place.note("post_problem") == ""


def test_one_update_that_is_rejected_silences_nobody(sender, place, agency, time_):
    queue(place, "N-1", beat={"no": "beat"})
    pump(sender, time_, 300)

    assert agency.beats >= 3
    assert place.note("post_problem") == ""


ODD = [
    httpx.Response(200, text="<html>sign in</html>"),
    httpx.Response(204),
    httpx.Response(202, json=[]),
    httpx.Response(202, json={"heard": True}),
    httpx.Response(429, headers={"retry-after": "soon"}),
    httpx.Response(429, headers={"retry-after": "9" * 400}),
    httpx.Response(503, headers={"date": "Mon, 99 Foo 99999 99:99:99 GMT"}, json={"error": 5}),
    httpx.Response(422, json={"rejected": [{"index": 99, "error": "x"}, {"index": "x"}, 5]}),
    httpx.Response(422, json={"rejected": 5}),
    httpx.Response(500, content=b"\xff\xfe"),
]


@pytest.mark.parametrize("odd", ODD, ids=range(len(ODD)))
def test_no_answer_of_anybody_ends_the_feed_or_loses_an_update(place, agency, time_, odd):
    answers = [odd]
    client = httpx.Client(
        transport=httpx.MockTransport(lambda request: answers.pop() if answers else agency._answer(request))
    )
    told = Feed(address="https://tell.springfield.example", agency="springfield", mapping="", state="")
    sender = Sender(told, place, Post(told, SECRET, client, time_.clocks.wall))
    queue(place, "N-1", "N-2")

    pump(sender, time_, 800, every=5)

    assert agency.accepted + place.count_aside() == 2
    assert place.count_waiting() == 0
