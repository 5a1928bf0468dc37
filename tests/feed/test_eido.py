"""EIDO over a WebSocket: stored before it is answered, told once, and silent until the full state was read."""

import contextlib
import json
import threading
from datetime import timedelta

import pytest
from websockets.exceptions import ConnectionClosed

from feed.eido import source
from feed.eido.records import BY_REFERENCE
from feed.eido.session import Session
from feed.place import Place
from feed.status import _status, show, status
from tenfour.common.paths import ROOT
from tenfour.common.screen import Screen
from tests.feed.notifier import Notifier, Wire, eido

MAP = (ROOT / "infra" / "maps" / "eido.toml").read_text()


@pytest.fixture(autouse=True)
def listens_briefly(monkeypatch):
    monkeypatch.setattr(source, "LISTENS_FOR", 0.02)
    monkeypatch.setattr(source.EidoSource, "every", 0)


@pytest.fixture
def notifier():
    server = Notifier()
    yield server
    server.stop()


@pytest.fixture
def subscribed(feed, notifier):
    def opened(url=None, of_feed=None, **more):
        told = {"url": url or notifier.url, **more}
        lines = "\n".join(f"{name} = {value!r}" for name, value in told.items())
        return feed(f"[eido]\n{lines}", MAP, **(of_feed or {}))

    return opened


def until(runner, found, time_=None, steps=2_000):
    """Let the feed go on until something is so; a second passes with each step where a clock is given."""
    for _ in range(steps):
        runner.step()
        if found():
            return
        if time_:
            time_.passes(1)
    raise AssertionError(f"it did not come about: {runner._place.note('source_problem')}")


def whole(runner, time_):
    """Let the feed connect, and the full state be read: something has come, and then nothing for a while."""
    for _ in range(400):
        runner.step()
        session = runner._source._session
        if session is None:
            time_.passes(1)
        elif session.subscription._first_at is not None:
            break
    for _ in range(20):
        time_.passes(6)
        for _ in range(3):
            runner.step()
            if runner._place.note("silent_since") is None:
                return
    raise AssertionError(f"the state is not read: {runner._place.note('source_problem')}")


def minutes(runner, time_, notifier, count):
    """Let minutes pass in which the notifier has nothing to tell, and says so."""
    for tick in range(count * 12):
        time_.passes(5)
        if tick % 6 == 0:
            notifier.tell()
        until(runner, lambda: notifier.mute or all(one.unanswered is None for one in notifier.subscribers))
        until(runner, lambda: notifier.mute or not waits_for_pong(runner))


def waits_for_pong(runner):
    session = runner._source._session
    return session is not None and session._ping is not None and not session._ping.is_set()


def told(runner, time_):
    return _status(runner._place, time_.now)


def test_the_full_state_and_what_follows_are_told_once(subscribed, notifier, agency, time_):
    notifier.tell(eido("A-1"), eido("A-2"))
    with subscribed() as runner:
        whole(runner, time_)
        notifier.tell(eido("A-1", 5, unit="On Scene"))
        until(runner, lambda: len(notifier.answers) == 2)
        until(runner, lambda: agency.accepted == 3, time_=time_)

    assert (agency.accepted, agency.duplicates) == (3, 0)
    assert agency.incident("A-1").facts.arrived_at is not None
    assert [answer["statusCode"] for answer in notifier.answers] == [200, 200]
    assert notifier.answers[1]["transactionId"] == "t-2@idx.example"


def test_the_subscription_is_asked_for_as_the_standard_says(subscribed, notifier, agency, time_):
    notifier.tell(eido("A-1"))
    with subscribed(filter="a < b", min_rate="20s") as runner:
        whole(runner, time_)

    (asked,) = notifier.subscribes
    assert asked.pop("requestId")
    assert asked == {
        "requestType": "EIDO",
        "requestSubType": "new",
        "requestAccepts": 'application/emergency.eido+json; version="1"',
        "minRate": 20,
        "expires": 3600,
        "qualFilter": "a < b",
    }
    notifier.wait_for(lambda: notifier.ended)
    assert notifier.ended[0]["subscriptionId"] == "sub-1"


def test_a_notification_is_answered_only_when_it_is_on_disk(subscribed, notifier, agency, time_, monkeypatch):
    notifier.tell(eido("A-1"))
    answered_at_take = []
    take = Place.take

    def full(*_, **_notes):
        answered_at_take.append(len(notifier.answers))
        raise OSError("the disk is full")

    with subscribed() as runner:
        monkeypatch.setattr(Place, "take", full)
        until(runner, lambda: len(answered_at_take) == 3, time_=time_)
        broken = runner._place.note("source_problem")
        monkeypatch.setattr(Place, "take", take)
        whole(runner, time_)
        until(runner, lambda: agency.accepted, time_=time_)

    assert answered_at_take == [0, 0, 0]
    assert broken == "OSError"
    assert (agency.accepted, agency.duplicates, len(notifier.answers)) == (1, 0, 1)


@pytest.mark.parametrize("where", ["before it is stored", "before it is answered", "before it is posted", "at the end"])
def test_whoever_is_killed_tells_each_change_once(subscribed, notifier, agency, time_, monkeypatch, where):
    notifier.tell(eido("A-1"), eido("A-2"))
    with monkeypatch.context() as patch, pytest.raises(Killed):  # noqa: PT012  the whole life of a process
        patch.setattr(Session, "end", lambda session: session._socket.close())
        patch.setattr(*_FAULTS[where])
        with subscribed() as runner:
            until(runner, lambda: False)
    with subscribed() as runner:
        whole(runner, time_)
        notifier.tell(eido("A-2", 3))
        until(runner, lambda: len(notifier.answers) >= 2)
        until(runner, lambda: not runner._place.count_waiting(), time_=time_)

    assert agency.accepted == 2
    assert agency.duplicates == (2 if where == "at the end" else 0)
    assert sum(len(body["updates"]) for body in agency.bodies) == 2 + agency.duplicates


class Killed(BaseException):
    """Stands for kill -9: no handler of ours knows it."""


def _killed_after(method):
    def killed(*args, **more):
        method(*args, **more)
        raise Killed

    return killed


def _killed(*args, **more):
    raise Killed


_FAULTS = {
    "before it is stored": (Place, "take", _killed),
    "before it is answered": (Session, "answer", _killed),
    "before it is posted": (Session, "answer", _killed_after(Session.answer)),
    "at the end": (Place, "sent", _killed),
}


def test_no_heartbeat_goes_from_a_break_until_the_full_state_is_read(subscribed, notifier, agency, time_):
    notifier.tell(*(eido(f"A-{number}") for number in range(6)))
    notifier.page, notifier.waits_for_answers = 2, True
    with subscribed() as runner:
        whole(runner, time_)
        minutes(runner, time_, notifier, 3)
        before = len(agency.signs)
        notifier.stop()
        until(runner, lambda: runner._place.note("silent_since"))
        broken_at = time_.now
        for _ in range(40):
            time_.passes(15)
            runner.step()
        notifier.incidents |= {one["$id"]: one for one in (eido("A-2", 5, unit="On Scene"), eido("A-7"))}
        notifier.start()
        until(runner, lambda: len(notifier.answers) > 11, time_=time_)
        assert agency.signs[before:] == []
        assert told(runner, time_).silent_since == broken_at
        whole(runner, time_)
        whole_at = time_.now
        until(runner, lambda: len(agency.signs) > before, time_=time_)

    assert before >= 3
    assert agency.signs[before] >= whole_at
    assert (agency.accepted, agency.duplicates) == (8, 0)
    assert agency.incident("A-2").facts.arrived_at is not None


def test_the_state_is_read_when_a_pause_ends_it(subscribed, notifier, agency, time_):
    notifier.tell(eido("A-0"))
    with subscribed() as runner:
        for number in range(1, 5):
            until(runner, lambda asked=number: len(notifier.answers) == asked)
            time_.passes(4)
            runner.step()
            assert runner._place.note("silent_since")
            notifier.tell(eido(f"A-{number}"))
        assert agency.beats == 0
        whole(runner, time_)


def test_a_notifier_that_never_pauses_is_believed_after_a_while(subscribed, notifier, agency, time_):
    notifier.tell(eido("A-0"))
    with subscribed() as runner:
        for number in range(1, 20):
            until(runner, lambda asked=number: len(notifier.answers) == asked)
            time_.passes(4)
            notifier.tell(eido(f"A-{number}"))
            assert not agency.signs or number > 60 / 4
        until(runner, lambda: runner._place.note("silent_since") is None)
        time_.passes(1)
        runner.step()

    assert agency.signs


@pytest.mark.parametrize("says_so", [True, False])
def test_nothing_counts_as_a_full_state_only_if_the_notifier_says_so(subscribed, notifier, agency, time_, says_so):
    notifier.empty_state, notifier.min_rate = says_so, 0
    with subscribed() as runner:
        for _ in range(48):
            time_.passes(5)
            until(runner, lambda: not waits_for_pong(runner))
        silent = told(runner, time_).silent_since

    assert (silent is None) == says_so
    assert bool(agency.beats) == says_so


def test_a_missing_notification_makes_the_feed_ask_for_the_full_state(subscribed, notifier, agency, time_):
    notifier.counts = True
    notifier.tell(eido("A-1"))
    with subscribed() as runner:
        whole(runner, time_)
        notifier.tell(eido("A-1", 2, unit="On Scene"), lose=True)
        notifier.tell(eido("A-2"))
        until(runner, lambda: runner._place.note("silent_since"))
        said = runner._place.note("source_problem")
        whole(runner, time_)
        until(runner, lambda: agency.accepted == 3, time_=time_)

    assert said == "1 missing in the count of notifications"
    assert len(notifier.subscribes) == 2
    assert agency.incident("A-1").facts.arrived_at is not None
    assert notifier.answers[0] == {
        "subscriptionId": "sub-1",
        "notifyCount": 1,
        "statusCode": 200,
        "statusText": "OK",
    }


def test_a_notification_that_comes_again_is_no_gap(subscribed, notifier, agency, time_):
    notifier.counts = True
    notifier.tell(eido("A-1"))
    with subscribed() as runner:
        whole(runner, time_)
        notifier.subscribers[0].counted = 0
        notifier.tell(eido("A-1"))
        notifier.tell(eido("A-2"))
        until(runner, lambda: len(notifier.answers) == 3)

    assert len(notifier.subscribes) == 1
    assert runner._source._session is None


def test_a_subscription_is_renewed_before_it_expires(subscribed, notifier, agency, time_):
    notifier.expires = 60
    notifier.tell(eido("A-1"))
    with subscribed() as runner:
        whole(runner, time_)
        before = told(runner, time_).subscribed_until
        minutes(runner, time_, notifier, 5)
        after = told(runner, time_)

    assert len(notifier.subscribes) >= 6
    assert notifier.subscribes[-1].keys() == {"requestId", "subscriptionId", "expires"}
    assert {asked.get("subscriptionId") for asked in notifier.subscribes} == {None, "sub-1"}
    assert after.subscribed_until - before >= timedelta(minutes=4)
    assert after.silent_since is None


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"refuses": 403}, "the subscription is refused: 403 Forbidden"),
        ({"refuses": 481}, "the subscription is refused: 481 Subscription Does Not Exist"),
        ({"refuses": 299}, "the subscription is refused: 299"),
        ({"mute": True}, "the subscription was not answered within 10s"),
        ({"expires": 0}, "the subscription would expire at once"),
        ({"handshake": 401}, "the server answers 401"),
        ({"handshake": 503}, "the server answers 503"),
    ],
    ids=str,
)
def test_a_refusal_is_said_and_tried_again(subscribed, notifier, agency, time_, wrong, said):
    notifier.tell(eido("A-1"))
    right = {name: getattr(notifier, name) for name in wrong}
    vars_of(notifier, wrong)
    with subscribed() as runner:
        until(runner, lambda: said in told(runner, time_).source_problem, time_=time_)
        refused = told(runner, time_)
        tries = len(notifier.headers)
        for _ in range(40):
            time_.passes(30)
            runner.step()
        assert tries + 5 < len(notifier.headers) < tries + 25
        vars_of(notifier, right)
        whole(runner, time_)
        until(runner, lambda: agency.accepted == 1, time_=time_)

    assert f"reading fails: {said}" in refused.problems
    assert refused.silent_since is not None
    assert (refused.connected_since, refused.subscribed_until) == (None, None)


def vars_of(notifier, values):
    for name, value in values.items():
        setattr(notifier, name, value)


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ("terminates", "the other side has ended the subscription"),
        ("closes", "the other side has closed the connection (1000)"),
        ("is cut", "the connection broke"),
        ("forgets", "the renewal of the subscription is refused: 481 Subscription Does Not Exist"),
        ("says nothing to a renewal", "the renewal of the subscription was not answered within 10s"),
        ("stops to notify", "no notification for 82 s, not even an empty one"),
        ("writes no JSON", "a message that is none of NENA-STA-024.1: DecodeError"),
        ("writes a list", "a message that is none of NENA-STA-024.1: ValidationError"),
        ("writes no UTF-8", "a message that is none of NENA-STA-024.1: UnicodeDecodeError"),
        ("writes JSON of 100,000 levels", "a message that is none of NENA-STA-024.1: RecursionError"),
        ("notifies of a text", "a notification without a list of EIDOs"),
        ("writes too much", "a message is larger than 1 MB"),
    ],
)
def test_whatever_may_cost_a_notification_ends_the_connection(subscribed, notifier, agency, time_, what, said):
    notifier.tell(eido("A-1"))
    with subscribed(largest_mb=1) as runner:
        whole(runner, time_)
        time_.passes(1)
        break_it(notifier, time_, what)
        until(runner, lambda: runner._place.note("silent_since"), time_=time_ if what in _NEEDS_TIME else None)
        broken, broken_at = told(runner, time_), time_.now
        notifier.mute = False
        notifier.incidents |= {"A-2": eido("A-2")}
        whole(runner, time_)
        whole_at = time_.now
        until(runner, lambda: agency.accepted == 2, time_=time_)
        well = told(runner, time_)
        minutes(runner, time_, notifier, 1)

    assert f"reading fails: {said}" in broken.problems
    assert broken.silent_since <= time_.now
    assert (broken.connected_since, broken.subscribed_until) == (None, None)
    assert not [at for at in agency.signs if broken_at < at < whole_at]
    assert agency.signs[-1] >= whole_at
    assert (agency.accepted, agency.duplicates) == (2, 0)
    assert well.problems == ()
    assert well.silent_since is None
    assert well.connected_since <= well.subscribed_until


_NEEDS_TIME = {"forgets", "says nothing to a renewal", "stops to notify"}
_WRITTEN = {
    "writes no JSON": "<html>504</html>",
    "writes a list": "[1, 2]",
    "writes no UTF-8": b'{"event": {"notification": [], "transactionId": "\xff"}}',
    "writes JSON of 100,000 levels": '{"event":' * 100_000,
    "notifies of a text": '{"event": {"transactionId": "t-9", "notification": "incidents"}}',
    "writes too much": json.dumps({"event": {"notification": ["x" * 2_000_000]}}),
}


def break_it(notifier, time_, what):
    if what == "terminates":
        notifier.terminate()
    elif what == "closes":
        notifier.subscribers[0].connection.close()
    elif what == "is cut":
        notifier.cut()
    elif what == "forgets":
        notifier.subscribers[0].name = "another"
        time_.passes(2_400)
        notifier.tell()
    elif what == "says nothing to a renewal":
        notifier.mute = True
        time_.passes(2_400)
        notifier.tell()
    elif what == "stops to notify":
        time_.passes(75)
    else:
        notifier.write(_WRITTEN[what])


def test_a_connection_that_only_seems_open_is_found_by_a_ping(subscribed, notifier, agency, time_):
    notifier.min_rate = 0
    notifier.tell(eido("A-1"))
    wire = Wire(notifier.port)
    with subscribed(notifier.url.replace(str(notifier.port), str(wire.port))) as runner:
        whole(runner, time_)
        for _ in range(20):  # all is well: each ping is answered
            time_.passes(5)
            until(runner, lambda: not waits_for_pong(runner))
        assert len(notifier.subscribes) == 1
        wire.frozen.set()
        for _ in range(6):
            time_.passes(5)
            runner.step()
        broken = told(runner, time_)
        wire.frozen.clear()
        whole(runner, time_)
    wire.close()

    assert "reading fails: a ping was not answered within 10s" in broken.problems
    assert broken.silent_since is not None


def test_what_is_odd_costs_nothing_else(subscribed, notifier, agency, time_):
    huge = eido("A-2", note="x" * 3_000_000)
    notifier.tell(eido("A-1"), huge, eido("A-3"))
    with subscribed() as runner:
        whole(runner, time_)
        notifier.write('{"heartbeat": 1}')
        notifier.write('{"heartbeat": 2}')
        notifier.tell(eido("A-4"), {"$id": "A-5"})
        until(runner, lambda: agency.accepted == 3, time_=time_)
        until(runner, lambda: runner._place.count_aside() == 3)
        notifier.tell(huge)
        until(runner, lambda: len(notifier.answers) == 3)
        asides = [(origin, said) for _, origin, said in runner._place.aside()]

    assert [answer["statusCode"] for answer in notifier.answers] == [413, 200, 413]
    assert {number for number in ("A-1", "A-3", "A-4") if agency.incident(number)} == {"A-1", "A-3", "A-4"}
    assert [said for origin, said in asides if origin == "EIDO 2 of a notification" and "bytes" in said] == [
        "3,000,323 bytes are more than 2 MB"
    ]
    assert ("the connection", "a message that is none of NENA-STA-024.1 was passed over") in asides
    assert len(asides) == 3
    assert len(notifier.subscribes) == 1


def test_an_eido_by_reference_is_said_and_its_neighbours_are_told(subscribed, notifier, agency, time_):
    notifier.tell(eido("A-1"), {"$id": "1", "eidoReference": "https://eido.city.example/1"}, eido("A-3"))
    with subscribed() as runner:
        whole(runner, time_)
        until(runner, lambda: agency.accepted == 2, time_=time_)
        asides = [(origin, said) for _, origin, said in runner._place.aside()]

    assert asides == [("EIDO 2 of a notification", BY_REFERENCE)]
    assert agency.incident("A-1")
    assert agency.incident("A-3")


def test_binary_and_compressed_messages_are_read(feed, agency, time_):
    notifier = Notifier(compression="deflate")
    notifier.in_binary = True
    notifier.tell(*(eido(f"A-{number}") for number in range(200)))
    with feed(f"[eido]\nurl = {notifier.url!r}", MAP) as runner:
        whole(runner, time_)
        until(runner, lambda: agency.accepted == 200, time_=time_)
    notifier.stop()

    assert "permessage-deflate" in notifier.headers[0]["Sec-WebSocket-Extensions"]


def test_what_finds_no_room_stays_with_the_notifier(subscribed, notifier, agency, time_):
    notifier.waits_for_answers, notifier.page = True, 1
    notifier.tell(*(eido(f"A-{number}") for number in range(20)))
    agency.goes_wrong = lambda: "lost"
    with subscribed(of_feed={"most_waiting": 5}) as runner:
        for _ in range(30):
            runner.step()
        waiting = runner._place.count_waiting(), len(notifier.answers)
        agency.goes_wrong = lambda: ""
        until(runner, lambda: agency.accepted == 20, time_=time_)
        whole(runner, time_)

    assert waiting == (5, 5)
    assert agency.duplicates == 0


def test_a_restart_tells_only_what_is_new(subscribed, notifier, agency, time_):
    notifier.tell(eido("A-1"), eido("A-2"))
    with subscribed() as runner:
        whole(runner, time_)
        until(runner, lambda: agency.accepted == 2, time_=time_)
    time_.passes(600)
    notifier.incidents |= {"A-2": eido("A-2", 7, unit="On Scene")}
    with subscribed() as runner:
        runner.step()
        first = told(runner, time_)
        whole(runner, time_)
        until(runner, lambda: agency.accepted == 3, time_=time_)

    assert first.silent_since is not None
    assert agency.duplicates == 0


def reconnected(runner, notifier, time_, seconds=600):
    """Let the connection break, and come back after a while; return when it broke."""
    notifier.stop()
    until(runner, lambda: runner._place.note("silent_since"))
    time_.passes(seconds)
    notifier.start()


def test_what_ended_during_a_break_is_not_told_as_delayed(subscribed, notifier, agency, time_):
    notifier.tell(eido("A-1"), eido("A-2"), eido("A-3"))
    with subscribed() as runner:
        whole(runner, time_)
        notifier.tell(eido("A-3", 2, status="Closed"))
        until(runner, lambda: agency.accepted == 4, time_=time_)
        reconnected(runner, notifier, time_, 0)
        notifier.close_incident("A-1")
        notifier.close_incident("A-3")
        whole(runner, time_)
        gone = agency.incident("A-1").facts.transferred_to, agency.incident("A-3").facts.transferred_to
        notifier.tell(eido("A-1"))
        until(runner, lambda: agency.incident("A-1").facts.transferred_to is None, time_=time_)

    assert gone == ("unknown", None)
    assert agency.incident("A-2").facts.transferred_to is None
    assert agency.incident("A-1").facts.closed_at is None


def test_a_state_that_lost_most_incidents_is_doubted_first(subscribed, notifier, agency, time_):
    notifier.tell(*(eido(f"A-{number}") for number in range(8)))
    with subscribed() as runner:
        whole(runner, time_)
        reconnected(runner, notifier, time_, 0)
        for number in range(7):
            notifier.close_incident(f"A-{number}")
        signs = len(agency.signs)
        for _ in range(4):
            minutes(runner, time_, notifier, 1)
        doubted = told(runner, time_), agency.incident("A-1").facts.transferred_to
        minutes(runner, time_, notifier, 3)
        well = told(runner, time_)

    assert "7 incidents vanished at once" in doubted[0].problems[0]
    assert doubted[1] is None
    assert agency.incident("A-1").facts.transferred_to == "unknown"
    assert well.problems == ()
    assert agency.signs[signs] > doubted[0].alive_at


def _flood(notifier):
    with contextlib.suppress(ConnectionClosed):
        for number in range(60):
            event = {"subscriptionId": "sub-1", "transactionId": f"{number}" + "x" * 200_000, "notification": []}
            notifier.write(json.dumps({"event": event}))


def test_a_notifier_that_reads_no_answers_does_not_stop_the_feed(subscribed, notifier, agency, time_):
    wire = Wire(notifier.port)
    with subscribed(notifier.url.replace(str(notifier.port), str(wire.port)), answer_within="1s") as runner:
        notifier.tell(eido("A-1"))
        whole(runner, time_)
        wire.stuck.set()
        flood = threading.Thread(target=_flood, args=(notifier,), daemon=True)  # it is read only while the feed runs
        flood.start()
        until(runner, lambda: runner._place.note("silent_since"))
        broken = told(runner, time_)
        wire.stuck.clear()
    wire.close()

    assert "reading fails: the connection broke" in broken.problems


def test_a_flood_does_not_keep_the_feed_from_posting(subscribed, notifier, agency, time_, monkeypatch):
    notifier.tell(*(eido(f"A-{number}") for number in range(300)))
    notifier.page = 1
    monkeypatch.setattr(source, "LISTENS_FOR", 0.0)
    with subscribed() as runner:
        until(runner, lambda: agency.accepted, time_=time_)
        half_way = len(notifier.answers), runner._place.note("silent_since")
        until(runner, lambda: agency.accepted == 300, time_=time_)

    assert half_way[0] < 300
    assert half_way[1] is not None


def test_a_state_is_no_sign_of_life_until_the_last_of_it_is_posted(subscribed, notifier, agency, time_):
    notifier.tell(*(eido(f"A-{number}") for number in range(250)))
    agency.goes_wrong = lambda: "lost"
    with subscribed() as runner:
        until(runner, lambda: notifier.answers)
        for _ in range(4):
            time_.passes(3)
            runner.step()
        assert runner._source._session.subscription.whole
        agency.goes_wrong = lambda: ""
        until(runner, lambda: agency.signs, time_=time_)
        at_the_first_sign = agency.accepted

    assert at_the_first_sign == 250


def test_a_feed_that_was_killed_is_neither_connected_nor_heard(subscribed, notifier, agency, time_, tmp_path):
    notifier.tell(eido("A-1"))
    with subscribed() as runner:
        whole(runner, time_)
        runner.step()
        running = status(tmp_path / "state", time_.now)
    time_.passes(600)
    killed = status(tmp_path / "state", time_.now)

    assert running.problems == ()
    assert running.connected_since < running.subscribed_until
    assert "the feed does not run" in killed.problems
    assert (killed.connected_since, killed.subscribed_until) == (None, None)
    assert killed.silent_since == running.alive_at


def test_the_screen_says_since_when_and_until_when(subscribed, notifier, agency, time_, capsys):
    notifier.tell(eido("A-1"))
    with subscribed() as runner:
        runner.step()
        show(Screen(), "feed.toml", told(runner, time_), time_.now)
        before = capsys.readouterr().out
        whole(runner, time_)
        show(Screen(), "feed.toml", told(runner, time_), time_.now)
        after = capsys.readouterr().out

    assert "needs somebody" in before
    assert "no heartbeat until the full state is read" in before
    assert "is well" in after
    assert ", subscribed until " in after
    assert "silent" not in after


def test_a_notifiers_ping_is_answered(subscribed, notifier, agency, time_):
    notifier.tell(eido("A-1"))
    with subscribed() as runner:
        whole(runner, time_)

        assert notifier.subscribers[0].connection.ping().wait(10)
