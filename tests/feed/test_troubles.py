"""A feed in trouble: nothing ends it, each change is told once, and `status` says what is so."""

import os
import signal
from datetime import UTC, datetime

import httpx
import pytest
import sqlalchemy

from feed.status import status
from tests.feed.cad_server import Reply, served
from tests.feed.calls_table import CALL, CREATE, run
from tests.feed.test_http import MAP as HTTP_MAP
from tests.feed.test_http import steps
from tests.feed.test_view import MAP, source

# --- a database that does not say which letters its bytes are


@pytest.fixture
def ascii_database(postgres):
    """Return a database whose encoding is SQL_ASCII: it keeps whatever bytes it is given."""
    with sqlalchemy.create_engine(postgres.url, isolation_level="AUTOCOMMIT").connect() as connection:
        connection.execute(sqlalchemy.text("DROP DATABASE IF EXISTS old"))
        made = "CREATE DATABASE old ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0"
        connection.execute(sqlalchemy.text(made))
    url = postgres.url.replace("/postgres", "/old")
    engine = sqlalchemy.create_engine(url, isolation_level="AUTOCOMMIT", connect_args={"client_encoding": "utf8"})
    with engine.connect() as connection:
        connection.execute(sqlalchemy.text(CREATE))
    yield engine, url
    engine.dispose()
    with sqlalchemy.create_engine(postgres.url, isolation_level="AUTOCOMMIT").connect() as connection:
        connection.execute(sqlalchemy.text("DROP DATABASE old WITH (FORCE)"))


LETTERS = "UPDATE calls SET kind = convert_from(decode(:hex, 'hex'), 'SQL_ASCII') WHERE no = :no"
DAMAGED = "kind: not all of it is UTF-8; the mapping's `encoding` can say what it is"


@pytest.mark.parametrize(("encoding", "kind"), [("", "RUIDO M\ufffdSICA"), ("cp1252", "RUIDO MÚSICA")])
def test_bytes_that_are_no_utf8_are_said_and_hide_no_word(feed, ascii_database, agency, time_, encoding, kind):
    """Found: no row was read. What can't be read stands as U+FFFD, a word that nobody judged; so nothing is texted."""
    engine, url = ascii_database
    time_.now = datetime.now(UTC)
    for number in range(1, 4):
        run(engine, CALL, no=f"P-{number}")
    run(engine, LETTERS, no="P-2", hex=b"RUIDO M\xdaSICA".hex())
    run(engine, LETTERS, no="P-3", hex="RUIDO MÚSICA".encode().hex())
    mapping = MAP.replace('format = "rows"', f'format = "rows"\nencoding = "{encoding}"')
    with feed(source(url, time_zone="America/Denver", overlap="30s"), mapping) as runner:
        steps(runner, time_, 3)
        said, asides = runner._place.note("source_problem"), runner._place.aside()

    kinds = [agency.incident(f"P-{number}").facts.incident_type for number in range(1, 4)]
    assert (said, kinds) == ("", ["NOISE", kind, "RUIDO MÚSICA"])
    assert [(origin, why) for _, origin, why in asides] == ([] if encoding else [("row P-2", DAMAGED)])
    assert agency.accepted == 3


# --- kill -9 at every step


class Killing:
    """A place's database that ends its process before one of its statements, whatever came between it and the last."""

    def __init__(self, database, number):
        self._database, self._left = database, number

    def __getattr__(self, name):
        found = getattr(self._database, name)
        return self._kills(found) if name in ("execute", "executemany") else found

    def _kills(self, found):
        def run(*words):
            self._left -= 1
            if self._left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return found(*words)

        return run


def killed_at(number, opened_feed, time_):
    """Run a feed in a process of its own, and kill it at a statement; return whether that came."""
    process = os.fork()
    if process == 0:
        try:
            with opened_feed() as runner:
                database = runner._place.db = Killing(runner._place.db, number)
                runner._source._listed._db = database
                steps(runner, time_, 2)
        finally:
            os._exit(0)
    return os.WIFSIGNALED(os.waitpid(process, 0)[1])


def gone_on(opened_feed, time_):
    """Return what waits and what is set aside after the next feed went on, and what troubled it."""
    time_.passes(60)
    with opened_feed() as runner:
        steps(runner, time_, 2)
        place = runner._place
        said = place.note("source_problem"), place.note("post_problem")
        return place.count_waiting(), place.count_aside(), said


@pytest.fixture
def address(agency):
    server = served(agency)
    yield server.url
    server.close()


@pytest.mark.long
def test_killed_at_every_step_a_feed_over_http_tells_each_change_once(feed, cad, calls, address, agency, time_):
    """Each time a call begins, one changes and one vanishes; the process ends at the next statement each time."""
    told = f'[http]\nurl = "{cad.url}"\nevery = "10s"\ngone = "closed"'

    def opened_feed():
        return feed(told, HTTP_MAP, address=address)

    for number in range(6):
        calls.put(f"K-{-number}")
    with opened_feed() as runner:
        steps(runner, time_)
    changes, number, killed = 6, 0, True
    while killed:
        number += 1
        calls.put(f"K-{number}")
        calls.put(f"K-{number - 3}", kind="SUSP", at="2026-11-21T17:05:00Z")
        del calls.calls[f"K-{number - 6}"]
        changes += 3
        killed = killed_at(number, opened_feed, time_)
        waiting, aside, said = gone_on(opened_feed, time_)
        assert (agency.accepted, waiting, aside) == (changes, 0, 0), (number, said)

    assert number > 50
    for gone in range(1, number - 6):
        assert agency.incident(f"K-{gone}").facts.closed_at is not None
    assert agency.incident(f"K-{number}").facts.closed_at is None


@pytest.mark.long
def test_killed_at_every_step_a_feed_of_a_view_tells_each_change_once(feed, postgres, database, address, agency, time_):
    time_.now = datetime.now(UTC)
    told = source(postgres.url, time_zone="America/Denver", overlap="30s", gone="closed")

    def opened_feed():
        return feed(told, MAP, address=address)

    for number in range(4):
        run(database, CALL, no=f"K-{-number}")
    with opened_feed() as runner:
        steps(runner, time_)
    changes, number, killed = 4, 0, True
    while killed:
        number += 1
        run(database, CALL, no=f"K-{number}")
        run(database, "DELETE FROM calls WHERE no = :no", no=f"K-{number - 4}")
        changes += 2
        killed = killed_at(number, opened_feed, time_)
        waiting, aside, said = gone_on(opened_feed, time_)
        assert (agency.accepted, waiting, aside) == (changes, 0, 0), (number, said)

    assert number > 50
    assert agency.incident(f"K-{number - 4}").facts.closed_at is not None
    assert agency.incident(f"K-{number}").facts.closed_at is None


# --- what `status` says


def told_by(feed_state, time_):
    return status(feed_state, time_.now)


@pytest.fixture
def state(tmp_path):
    return tmp_path / "state"


def test_36_hours_behind_the_feed_says_so_and_is_silent_until_it_has_read_to_the_end(
    feed, cad, calls, agency, time_, state
):
    told = f'[http]\nurl = "{cad.url}"\nparams = {{page = "$page"}}\nevery = "10s"\n[http.pages]\nby = "number"'
    cad.answer = lambda request: Reply({"calls": calls.all()[(int(request.params["page"]) - 1) * 10 :][:10]})
    calls.put("A-1")
    with feed(told, HTTP_MAP, most_waiting=30) as runner:
        steps(runner, time_, 3)
    well = told_by(state, time_).problems
    time_.passes(36 * 3_600)
    off = told_by(state, time_).problems
    for number in range(120):
        calls.put(f"B-{number}")
    with feed(told, HTTP_MAP, most_waiting=30, posts_a_second=0.1) as runner:
        beats = agency.beats
        steps(runner, time_, 2)
        behind, silent = told_by(state, time_).problems, agency.beats == beats
        steps(runner, time_, 40)
        caught_up = told_by(state, time_).problems

    assert (well, off, caught_up) == ((), ("the feed does not run",), ())
    assert behind == ("it reads what it missed, and last came to the end 36 h ago: no heartbeat is sent",)
    assert silent
    assert agency.beats > beats
    assert (agency.accepted, agency.duplicates) == (121, 0)


def test_a_feed_that_is_started_again_and_again_says_so(feed, cad, agency, time_, state):
    for _ in range(6):
        with feed(f'[http]\nurl = "{cad.url}"', HTTP_MAP) as runner:
            steps(runner, time_)
    looping = told_by(state, time_).problems
    with feed(f'[http]\nurl = "{cad.url}"', HTTP_MAP) as runner:
        steps(runner, time_, 90)
        later = told_by(state, time_).problems

    assert looping == ("it was started 6 times within ten minutes: its log says what ends it",)
    assert later == ()


def test_a_feed_that_has_just_begun_needs_nobody_and_one_that_is_not_heard_does(feed, cad, agency, time_, state):
    with feed(f'[http]\nurl = "{cad.url}"', HTTP_MAP) as runner:
        begun = told_by(state, time_).problems
        steps(runner, time_)
        runner._sender.beat = lambda steady: None  # a heartbeat that is never due, by whatever fault
        steps(runner, time_, 40)
        unheard = told_by(state, time_).problems

    assert begun == ("the feed does not run",)
    assert unheard == ("the address has heard nothing for more than five minutes: delay notices are held back",)


# --- one update that always fails


@pytest.mark.parametrize("wrong", [500, 503])
def test_an_incident_that_always_fails_stops_no_other_and_no_heartbeat(feed, cad, calls, agency, time_, wrong):
    received = agency._received

    def fails(body, source):
        if b'"A-7"' in body:
            return httpx.Response(wrong, json={"error": "conflict"})
        return received(body, source)

    agency._received = fails
    for number in range(150):
        calls.put(f"A-{number}")
    with feed(f'[http]\nurl = "{cad.url}"\nevery = "10s"', HTTP_MAP) as runner:
        steps(runner, time_, 300, 1)
        neighbours = agency.accepted
        beats = agency.beats
        calls.put("B-1")
        steps(runner, time_, 100)
        waiting, asides = runner._place.count_waiting(), runner._place.aside()

    assert (neighbours, agency.accepted, waiting) == (149, 150, 0)
    assert agency.beats > beats
    assert [(origin, said) for _, origin, said in asides] == [("incident A-7", f"{wrong}: conflict")]


def test_an_outage_of_a_day_sets_nothing_aside(feed, cad, calls, agency, time_):
    for number in range(150):
        calls.put(f"A-{number}")
    for wrong in ("500", "503"):
        agency.goes_wrong = lambda wrong=wrong: wrong
        with feed(f'[http]\nurl = "{cad.url}"\nevery = "60s"', HTTP_MAP) as runner:
            steps(runner, time_, 120, 600)
            aside = runner._place.count_aside()
        assert aside == 0
    agency.goes_wrong = lambda: ""
    with feed(f'[http]\nurl = "{cad.url}"\nevery = "60s"', HTTP_MAP) as runner:
        steps(runner, time_, 40)

    assert agency.accepted == 150


# --- ends of the calendar, and a database that changes under the feed


@pytest.mark.parametrize("far", ["9999-12-31T23:59:59", "/Date(253402300800000)/", "/Date(99999999999999999)/"])
def test_a_closing_at_the_end_of_the_calendar_costs_its_field_alone(feed, cad, calls, agency, time_, far):
    calls.put("A-1", closed=far)
    calls.put("A-2")
    mapping = HTTP_MAP.replace("[fields]", 'time_zone = "America/Denver"\ndates = ["iso", "dotnet"]\n[fields]')
    for _ in range(2):
        with feed(f'[http]\nurl = "{cad.url}"', mapping) as runner:
            steps(runner, time_, 3)
            said, asides = runner._place.note("source_problem"), runner._place.aside()

    assert (said, agency.accepted) == ("", 1)
    assert [origin for _, origin, _ in asides] == ["incident A-1"]
    assert asides[0][2].startswith("closed_at: expected a time")


def test_a_view_that_may_not_be_read_or_lost_a_column_says_so_and_nothing_vanishes(
    feed, postgres, database, agency, time_, state
):
    time_.now = datetime.now(UTC)
    with database.connect() as connection:
        connection.execute(sqlalchemy.text("DROP ROLE IF EXISTS looker; CREATE ROLE looker LOGIN"))
        connection.execute(sqlalchemy.text("GRANT SELECT ON calls TO looker"))
    url = postgres.url.replace("cad@", "looker@")
    run(database, CALL, no="P-1")
    said = []
    with feed(source(url, time_zone="America/Denver", overlap="30s", gone="secret"), MAP) as runner:
        steps(runner, time_, 3)
        for breaks, heals in (
            ("REVOKE SELECT ON calls FROM looker", "GRANT SELECT ON calls TO looker"),
            ("ALTER TABLE calls RENAME COLUMN kind TO nature", "ALTER TABLE calls RENAME COLUMN nature TO kind"),
        ):
            run(database, breaks)
            steps(runner, time_, 3)
            said.append(told_by(state, time_).problems)
            run(database, heals)
            steps(runner, time_, 5, 60)
            assert told_by(state, time_).problems == ()
        run(database, CALL, no="P-2")
        steps(runner, time_, 3)
        run(database, "DELETE FROM calls WHERE no = 'P-2'")
        steps(runner, time_, 3)

    assert said == [
        ("reading fails: permission denied for table calls",),
        ("reading fails: the view has no column 'kind'",),
    ]
    assert not agency.incident("P-1").latches
    assert "do_not_contact" in agency.incident("P-2").latches
