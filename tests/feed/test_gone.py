"""Calls that vanish: told as the settings say, only after a complete read, and taken back when they are there again."""

import sqlite3
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feed.gone import MANY, Told, returned, told_of, too_many, vanished
from feed.view import Poller, ViewFailed
from tests.factories import NOW
from tests.feed.cad_server import Reply
from tests.feed.test_http import MAP, steps

moments = st.integers(-3_600, 3_600).map(lambda seconds: NOW + timedelta(seconds=seconds))


# --- the rule


@given(as_of=moments, gone=st.sampled_from(["closed", "secret", "unknown"]), closed=st.booleans())
def test_a_vanishing_counts_after_whatever_was_told_before(as_of, gone, closed):
    told = Told({"incident_number": "A-1"}, as_of, closed)

    update = vanished(told, gone, NOW)

    if update is None:
        assert (gone, closed) == ("closed", True)
    else:
        assert update["as_of"] >= NOW
        assert update["as_of"] > as_of or as_of > NOW + timedelta(minutes=4)
        assert update["as_of"] <= NOW + timedelta(minutes=5)
        assert update.keys() - {"incident_number", "as_of"} <= {"closed_at", "do_not_contact", "transferred_to"}


@given(as_of=moments, gone_at=moments, gone=st.sampled_from(["closed", "unknown"]))
def test_what_is_there_again_takes_the_vanishing_back_and_a_secret_stays_one(as_of, gone_at, gone):
    told = Told({"incident_number": "A-1"}, as_of)
    gone_at = min(gone_at, NOW)

    update = returned(told, gone, gone_at, NOW)

    assert update["as_of"] > gone_at or update["as_of"] == NOW
    assert [update.get(name) for name in ("closed_at", "transferred_to")] == [None, None]
    assert returned(told, "secret", gone_at, NOW) is None


def test_what_the_row_itself_says_is_what_is_told_when_it_is_there_again():
    told = told_of({"incident_number": "A-1", "as_of": NOW, "closed_at": NOW, "transferred_to": None})

    assert returned(told, "closed", NOW, NOW)["closed_at"] == NOW
    assert told_of({"as_of": NOW}) is None


def test_many_at_once_are_a_broken_list():
    assert too_many(MANY, MANY)
    assert not too_many(MANY - 1, MANY - 1)
    assert not too_many(MANY, MANY * 2)


# --- over HTTP


@pytest.fixture
def asking(feed, cad):
    def opened(gone, more="", mapping=MAP):
        told = f'[http]\nurl = "{cad.url}/calls"\nevery = "10s"\ngone = "{gone}"\n{more}'
        return feed(told, mapping)

    return opened


def facts(agency, number):
    return agency.incident(number).facts


def updates(agency):
    return [update for body in agency.bodies for update in body["updates"]]


@pytest.mark.parametrize("gone", ["", "closed", "secret", "unknown"])
def test_a_call_that_leaves_the_list_is_told_of_as_the_settings_say(asking, calls, agency, time_, gone):
    for number in "123":
        calls.put(f"A-{number}")
    with asking(gone) as runner:
        steps(runner, time_, 3)
        del calls.calls["A-2"]
        steps(runner, time_, 6)

    gone_one = agency.incident("A-2")
    assert agency.accepted == 3 + bool(gone)
    assert (gone_one.facts.closed_at is not None) == (gone == "closed")
    assert ("do_not_contact" in gone_one.latches) == (gone == "secret")
    assert gone_one.facts.transferred_to == ("unknown" if gone == "unknown" else None)
    assert facts(agency, "A-1").closed_at is None
    assert agency.rejected == []


@pytest.mark.parametrize("gone", ["closed", "unknown"])
def test_a_call_that_is_in_the_list_again_is_told_of_as_it_is(asking, calls, agency, time_, gone):
    calls.put("A-1")
    calls.put("A-2")
    with asking(gone) as runner:
        steps(runner, time_, 3)
        kept = calls.calls.pop("A-2")
        steps(runner, time_, 3)
        calls.calls["A-2"] = kept
        steps(runner, time_, 3)
        told = agency.accepted
        steps(runner, time_, 10)

    assert (facts(agency, "A-2").closed_at, facts(agency, "A-2").transferred_to) == (None, None)
    assert agency.accepted == told


def test_a_call_that_was_told_as_closed_just_leaves(asking, calls, agency, time_):
    calls.put("A-1", closed="2026-11-21T17:10:00Z")
    calls.put("A-2")
    with asking("closed") as runner:
        steps(runner, time_, 2)
        del calls.calls["A-1"]
        steps(runner, time_, 5)

    assert agency.accepted == 2


@pytest.mark.parametrize("wrong", ["half", "error", "empty error", "cut", "broken record"])
def test_after_a_read_that_is_not_whole_nothing_has_vanished(asking, cad, calls, agency, time_, wrong):
    """Two of three pages, an error with status 200, half a body, a record that names no incident."""
    for number in "123":
        calls.put(f"A-{number}")
    good, told = cad.answer, "good = {ok = ['true']}"
    cad.answer = lambda request: Reply({"ok": True, "calls": calls.all()})
    with asking("secret", told) as runner:
        steps(runner, time_, 3)
        wrongs = {
            "half": Reply('{"ok": true, "calls": ['),
            "error": Reply({"calls": []}, status=500),
            "empty error": Reply({"ok": False, "calls": []}),
            "cut": Reply({"ok": True, "calls": []}, cut=True),
            "broken record": Reply({"ok": True, "calls": [{"kind": "NOISE"}, *calls.all()[:2]]}),
        }
        cad.goes_wrong = lambda request: wrongs[wrong]
        steps(runner, time_, 10)

    assert good
    assert not any(agency.incident(f"A-{number}").latches for number in "123")
    assert not [update for update in updates(agency) if update.get("do_not_contact")]


def test_a_page_that_fails_makes_no_call_vanish(asking, cad, calls, agency, time_):
    for number in range(10):
        calls.put(f"A-{number}")

    def paged(request):
        start = int(request.params["offset"])
        if start >= 4 and "A-0" not in calls.calls:
            return Reply(status=503)
        return Reply({"calls": calls.all()[start : start + 4]})

    cad.answer = paged
    with asking("secret", "params = {offset = '$offset'}\n[http.pages]\nby = 'offset'\nsize = 4") as runner:
        steps(runner, time_, 5)
        for number in range(4):
            del calls.calls[f"A-{number}"]
        steps(runner, time_, 20, 30)

    assert agency.accepted == 10
    assert [update for update in updates(agency) if update.get("do_not_contact")] == []


def test_a_call_that_a_counted_page_misses_once_has_not_vanished(asking, cad, calls, agency, time_):
    """A-0 ends between two pages, and A-4 moves from the second to the first."""
    for number in range(12):
        calls.put(f"A-{number}")

    def moves(request):
        start = int(request.params["offset"])
        page = calls.all()[start : start + 4]
        if start == 0 and time_.now > NOW + timedelta(seconds=35):
            calls.calls.pop("A-0", None)
        return Reply({"calls": page})

    cad.answer = moves
    with asking("secret", "params = {offset = '$offset'}\n[http.pages]\nby = 'offset'\nsize = 4") as runner:
        steps(runner, time_, 12)

    assert [update["incident_number"] for update in updates(agency) if update.get("do_not_contact")] == ["A-0"]


def test_the_rows_of_one_incident_vanish_with_the_last_of_them(asking, calls, agency, time_):
    for unit in "AB":
        calls.calls[unit] = {"no": "A-1", "at": "2026-11-21T17:00:00Z", "kind": "NOISE", "unit": unit}
    with asking("closed", "key = ['no', 'unit']", MAP + '[[units]]\nunit = "unit"\n') as runner:
        steps(runner, time_, 3)
        del calls.calls["A"]
        steps(runner, time_, 3)
        half = facts(agency, "A-1").closed_at
        del calls.calls["B"]
        steps(runner, time_, 3)

    assert half is None
    assert facts(agency, "A-1").closed_at is not None


def test_when_too_many_vanish_at_once_nothing_is_told_for_five_minutes_and_the_feed_is_silent(
    asking, calls, agency, time_
):
    for number in range(8):
        calls.put(f"A-{number}")
    with asking("secret") as runner:
        steps(runner, time_, 10)
        kept, calls.calls = calls.calls, {}
        steps(runner, time_, 3)
        said, beats = runner._place.note("source_problem"), agency.beats
        steps(runner, time_, 20)
        silent = agency.beats == beats
        calls.calls = kept
        steps(runner, time_, 20)
        well = runner._place.note("source_problem")
        calls.calls = {}
        steps(runner, time_, 40)

    assert said.startswith("8 incidents vanished at once")
    assert silent
    assert agency.beats > beats
    assert well == ""
    assert len([update for update in updates(agency) if update.get("do_not_contact")]) == 8


def test_a_call_must_be_missing_for_as_long_as_the_settings_say(asking, calls, agency, time_):
    calls.put("A-1")
    with asking("closed", 'gone_after = "2m"') as runner:
        steps(runner, time_, 2)
        kept = calls.calls.pop("A-1")
        steps(runner, time_, 11)
        calls.calls["A-1"] = kept
        steps(runner, time_, 2)
        del calls.calls["A-1"]
        steps(runner, time_, 11)
        before = facts(agency, "A-1").closed_at
        steps(runner, time_, 3)

    assert before is None
    assert facts(agency, "A-1").closed_at is not None


def test_a_call_that_nobody_touched_for_long_leaves_by_its_age(asking, calls, agency, time_):
    calls.put("A-1")
    calls.put("A-2")
    with asking("secret", 'gone_within = "1h"') as runner:
        steps(runner, time_, 10, 600)
        del calls.calls["A-1"]
        steps(runner, time_, 3)

    assert not agency.incident("A-1").latches


def test_a_list_that_is_the_same_as_before_makes_nothing_vanish(asking, cad, calls, agency, time_):
    """304: the body is not told again, and neither is what is not in it."""
    calls.put("A-1")

    def answer(request):
        tag = f'"{len(calls.calls)}"'
        same = request.headers.get("if-none-match") == tag
        return Reply(status=304) if same else Reply({"calls": calls.all()}, headers={"etag": tag})

    cad.answer = answer
    with asking("closed") as runner:
        steps(runner, time_, 6)
        same = facts(agency, "A-1").closed_at
        calls.calls = {}
        steps(runner, time_, 3)

    assert same is None
    assert facts(agency, "A-1").closed_at is not None


# --- a view

VIEW = MAP.replace('format = "json"\nrecords = "calls[]"', 'format = "rows"')


@pytest.fixture
def view(feed, tmp_path, monkeypatch, time_):
    database = sqlite3.connect(tmp_path / "cad.db", isolation_level=None, check_same_thread=False)
    database.execute("CREATE TABLE calls (no TEXT, unit TEXT, changed INTEGER, kind TEXT, at TEXT, closed TEXT)")
    told = (
        f"[view]\nurl = 'sqlite:///{tmp_path / 'cad.db'}'\nname = 'calls'\nkey = ['no', 'unit']\nchanged = 'changed'\n"
        "changed_is = 'number'\noverlap_numbers = 5\nevery = '10s'\n"
    )
    return database, lambda gone, more="": feed(f"{told}gone = '{gone}'\n{more}", VIEW)


def put(database, number, changed, unit="1"):
    database.execute(
        "INSERT INTO calls VALUES (?, ?, ?, 'NOISE', '2026-11-21T17:00:00Z', NULL)", (number, unit, changed)
    )


@pytest.mark.parametrize("gone", ["", "closed", "secret", "unknown"])
def test_a_row_that_leaves_the_view_is_told_of_as_the_settings_say(view, agency, time_, gone):
    database, run = view
    for number in range(40):
        put(database, f"A-{number}", number)
    with run(gone) as runner:
        put(database, "A-50", 50)
        put(database, "A-90", 90)
        put(database, "A-91", 91)
        put(database, "A-91", 92, unit="2")
        steps(runner, time_, 3)
        told = agency.accepted
        database.execute("DELETE FROM calls WHERE no = 'A-90' OR unit = '2'")
        steps(runner, time_, 4)

    gone_one = agency.incident("A-90")
    assert agency.accepted - told == bool(gone)
    assert (gone_one.facts.closed_at is not None) == (gone == "closed")
    assert ("do_not_contact" in gone_one.latches) == (gone == "secret")
    assert gone_one.facts.transferred_to == ("unknown" if gone == "unknown" else None)
    assert facts(agency, "A-91").closed_at is None


def test_a_row_that_is_in_the_view_again_is_no_longer_closed(view, agency, time_):
    database, run = view
    put(database, "A-1", 100)
    with run("closed") as runner:
        steps(runner, time_, 2)
        put(database, "A-2", 200)
        steps(runner, time_, 2)
        database.execute("DELETE FROM calls WHERE no = 'A-1'")
        steps(runner, time_, 3)
        gone = facts(agency, "A-1").closed_at
        put(database, "A-1", 100)  # as it was, and far behind the others
        steps(runner, time_, 3)

    assert gone is not None
    assert facts(agency, "A-1").closed_at is None


def test_a_view_that_can_not_be_read_makes_no_row_vanish(view, agency, time_, monkeypatch):
    database, run = view
    put(database, "A-1", 1)
    put(database, "A-2", 2)

    def fails_half_way(self, since):
        yield ["A-2\x1f1"]
        raise ViewFailed("the connection is gone")

    with run("secret") as runner:
        steps(runner, time_, 2)
        with monkeypatch.context() as patched:
            patched.setattr(Poller, "keys", fails_half_way)
            steps(runner, time_, 5)
        said = runner._place.note("source_problem")
        database.execute("ALTER TABLE calls RENAME COLUMN unit TO unit_id")
        steps(runner, time_, 5, 300)

    assert said == "the connection is gone"
    assert not agency.incident("A-1").latches
