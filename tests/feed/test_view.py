"""Reading a view: each change once, by as few rows as that takes, whatever clocks and transactions do."""

import random
import sqlite3
import tracemalloc
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy
from sqlalchemy.dialects import mssql, postgresql

from feed.config import View
from feed.view import _CLOCKS, PAGE, Poller, changed_since
from tests.feed.calls_table import CALL, LOCAL, run

MAP = """
format = "rows"
time_zone = "America/Denver"
[fields]
incident_number = "no"
as_of = "changed"
incident_type = "kind"
received_at = "received"
arrived_at = "arrived"
[[parties]]
party_id = {value = "1"}
phone = "phone"
"""


def source(url, **more):
    told = {"url": url, "name": "calls", "changed": "changed", **more}
    return "[view]\nkey = ['no']\nevery = '10s'\n" + "\n".join(
        f"{name} = {value!r}" if isinstance(value, str) else f"{name} = {value}" for name, value in told.items()
    )


# --- statements


NOON = datetime(2026, 11, 21, 12)  # noqa: DTZ001  as a column without offsets has it


def statement(dialect, cursor=None):
    view = View(url="x", name="dbo.v calls", key=("no", "unit"), changed="changed")
    built = changed_since(view, ("changed", "no", "unit", "kind"), NOON, cursor)
    return " ".join(str(built.compile(dialect=dialect, compile_kwargs={"literal_binds": True})).split())


def test_sql_server_is_asked_for_one_page_of_mapped_columns():
    assert statement(mssql.dialect()) == (
        "SELECT TOP 500 dbo.[v calls].changed, dbo.[v calls].no, dbo.[v calls].unit, dbo.[v calls].kind "
        "FROM dbo.[v calls] "
        "WHERE dbo.[v calls].changed >= '2026-11-21 12:00:00' "
        "ORDER BY dbo.[v calls].changed, dbo.[v calls].no, dbo.[v calls].unit"
    )


@pytest.mark.parametrize("dialect", [mssql.dialect(), postgresql.dialect()], ids=["mssql", "postgresql"])
def test_the_next_page_begins_beyond_the_last_row(dialect):
    words = statement(dialect, {"changed": NOON, "no": 7, "unit": "A"})
    plain = words.replace('dbo."v calls".', "").replace("dbo.[v calls].", "").replace(" ", "")

    assert "changed>='2026-11-2112:00:00'" in plain
    assert "OR" in words
    assert plain.count("no=7") == 1
    assert "unit>'A'" in plain
    assert "OFFSET" not in words


@pytest.mark.parametrize("name", ["clock_timestamp", "sysutcdatetime"])
def test_the_databases_own_clock_is_asked(name):
    dialects = {"clock_timestamp": postgresql.dialect(), "sysutcdatetime": mssql.dialect()}
    words = {str(sqlalchemy.select(clock).compile(dialect=dialects[name])) for clock in _CLOCKS.values()}

    assert any(name in word for word in words)


# --- numbers, on SQLite


@pytest.fixture
def numbers(tmp_path):
    path = tmp_path / "cad.db"
    database = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    database.execute(
        "CREATE TABLE calls (no TEXT, changed INTEGER, kind TEXT, received TEXT, arrived TEXT, phone TEXT, name TEXT)"
    )
    return database, f"sqlite:///{path}"


def put(database, no, changed, kind="NOISE", arrived=None):
    row = (no, changed, kind, "2026-11-21T11:00:00", arrived, "303-555-0123", "Nobody Atall")
    database.execute("DELETE FROM calls WHERE no = ?", (no,))
    database.execute("INSERT INTO calls VALUES (?, ?, ?, ?, ?, ?, ?)", row)


NUMBERED = MAP.replace('as_of = "changed"', "as_of = {now = true}")


@pytest.fixture
def counted(feed, numbers):
    return lambda: feed(source(numbers[1], changed_is="number", overlap_numbers=10), NUMBERED)


def test_what_was_there_before_stays_there_and_what_changes_is_told_once(counted, numbers, agency, time_):
    for number in range(100):
        put(numbers[0], f"OLD-{number}", number)
    with counted() as runner:
        runner.step()
        told = agency.accepted
        put(numbers[0], "N-1", 500)
        for _ in range(5):
            time_.passes(10)
            runner.step()

    assert told == 11  # the look back
    assert agency.accepted - told == 1
    assert agency.duplicates == 0
    assert agency.incident("N-1").facts.incident_type == "NOISE"


def test_only_what_is_mapped_leaves(counted, numbers, agency):
    put(numbers[0], "N-1", 1)

    with counted() as runner:
        runner.step()

    (update,) = agency.bodies[0]["updates"]
    known = {"update_id", "incident_number", "as_of", "incident_type", "received_at", "reporting_parties"}
    assert set(update) == known | {"as_of_now"}
    assert "Nobody" not in str(agency.bodies)


def test_a_row_that_becomes_visible_late_is_read_all_the_same(counted, numbers, agency, time_):
    put(numbers[0], "N-1", 100)
    with counted() as runner:
        runner.step()
        put(numbers[0], "N-0", 95)  # was given its number first, and committed after
        time_.passes(10)
        runner.step()

    assert agency.incident("N-0").facts.incident_type == "NOISE"
    assert agency.accepted == 2


def test_a_row_that_was_touched_and_says_the_same_is_not_sent_again(counted, numbers, agency, time_):
    put(numbers[0], "N-1", 100)
    with counted() as runner:
        runner.step()
        for changed in (101, 102):
            put(numbers[0], "N-1", changed)
            time_.passes(10)
            runner.step()
        put(numbers[0], "N-1", 103, kind="SUSP")
        time_.passes(10)
        runner.step()
        put(numbers[0], "N-1", 104)  # as it was at first: that is news again
        time_.passes(10)
        runner.step()

    assert agency.accepted == 3


def test_many_rows_of_one_instant_are_read_to_the_end(counted, numbers, agency, time_):
    with counted() as runner:
        for number in range(PAGE * 2 + 7):
            put(numbers[0], f"N-{number:05}", 7)
        for _ in range(30):
            runner.step()
            time_.passes(10)

    assert agency.accepted == PAGE * 2 + 7


def test_a_column_that_is_gone_is_named_and_the_feed_goes_on_when_it_is_back(counted, numbers, agency, time_):
    put(numbers[0], "N-1", 1)
    with counted() as runner:
        runner.step()
        numbers[0].execute("ALTER TABLE calls RENAME COLUMN arrived TO arrived_on")
        time_.passes(20)
        runner.step()
        problem, beats = runner._place.note("source_problem"), agency.beats
        for _ in range(10):
            time_.passes(60)
            runner.step()
        silent = agency.beats == beats
        numbers[0].execute("ALTER TABLE calls RENAME COLUMN arrived_on TO arrived")
        numbers[0].execute("ALTER TABLE calls ADD COLUMN more TEXT")
        put_more = ("N-2", 2, "NOISE", "2026-11-21T11:00:00", None, "", "", "")
        numbers[0].execute("INSERT INTO calls VALUES (?, ?, ?, ?, ?, ?, ?, ?)", put_more)
        time_.passes(400)
        runner.step()

    assert problem == "the view has no column 'arrived'"
    assert silent  # nobody is told that the feed lives while it can't read
    assert agency.incident("N-2").facts.incident_type == "NOISE"


def test_rows_that_do_not_fit_are_set_aside_with_the_field_and_spare_the_rest(counted, numbers, agency):
    put(numbers[0], "N-1", 1, arrived="soon")
    put(numbers[0], "N-2", 2)

    with counted() as runner:
        runner.step()
        ((_, origin, said),) = runner._place.aside()

    assert (agency.accepted, origin, said) == (1, "row N-1", "arrived_at: expected a time as iso")


# --- times, on PostgreSQL

# --- local times, on SQLite

SUMMER, WINTER = timedelta(hours=-6), timedelta(hours=-7)
BACK = datetime(2026, 11, 1, 8, tzinfo=UTC)
"""The instant at which Denver's clocks go back to one o'clock."""


def denver(at):
    """Return what the database's clock on the wall says, by the law rather than by a zone file."""
    return (at + (SUMMER if at < BACK else WINTER)).replace(tzinfo=None).isoformat(" ", "microseconds")


@pytest.fixture
def on_the_wall(feed, tmp_path, time_, monkeypatch):
    """Return a database whose column that grows is a local time, and what runs a feed on it."""
    path = tmp_path / "cad.db"
    database = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    database.execute(
        "CREATE TABLE calls (no TEXT, changed TIMESTAMP, kind TEXT, received TEXT, arrived TEXT, phone TEXT)"
    )
    monkeypatch.setattr(Poller, "_database_now", lambda self: time_.now)
    told = source(f"sqlite:///{path}?detect_types={sqlite3.PARSE_DECLTYPES}", time_zone="America/Denver", overlap="30s")
    return database, lambda: feed(told, MAP)


def change(database, no, at, arrived=None):
    database.execute("DELETE FROM calls WHERE no = ?", (no,))
    row = (no, denver(at), "NOISE", denver(at - timedelta(minutes=1)), arrived and denver(arrived), "303-555-0123")
    database.execute("INSERT INTO calls VALUES (?, ?, ?, ?, ?, ?)", row)


@pytest.mark.parametrize("every", [1, 7, 25], ids=lambda every: f"a change every {every} minutes")
def test_each_change_of_the_night_on_which_clocks_go_back_is_told_once(on_the_wall, agency, time_, every):
    database, run_feed = on_the_wall
    time_.now = BACK - timedelta(minutes=100)
    with run_feed() as runner:
        for minute in range(200):
            if minute % every == 0:
                change(database, f"N-{minute}", time_.now, arrived=time_.now)
            runner.step()
            told = agency.incident(f"N-{minute - minute % every}").facts
            assert told.arrived_at == BACK + timedelta(minutes=minute - minute % every - 100)
            time_.passes(60)
        runner.step()

    assert agency.accepted == len(range(0, 200, every))
    assert agency.rejected == []


def test_a_row_at_an_end_of_the_calendar_ends_no_feed(on_the_wall, agency, time_):
    database, run_feed = on_the_wall
    time_.now = BACK - timedelta(days=1)
    with run_feed() as runner:
        for number, changed in enumerate(("9999-12-31 23:59:59.000000", "2026-10-31 01:59:50.000000")):
            change(database, f"N-{number}", time_.now)
            database.execute("UPDATE calls SET changed = ? WHERE no = ?", (changed, f"N-{number}"))
        runner.step()
    with run_feed() as runner:
        change(database, "N-2", time_.now + timedelta(seconds=5))
        time_.passes(20)
        runner.step()
        problem = runner._place.note("source_problem")

    assert not problem
    assert agency.incident("N-1").facts.incident_type == "NOISE"
    assert agency.incident("N-2").facts.incident_type == "NOISE"


@pytest.fixture
def viewed(feed, postgres, time_):
    time_.now = datetime.now(UTC)
    told = source(postgres.url, time_zone="America/Denver", overlap="30s")
    return lambda **more: feed(told, MAP, **more)


class Trouble:
    """Faults between a feed and its agency, drawn by a seed."""

    def __init__(self, seed):
        self.dice = random.Random(seed)

    def __call__(self):
        return self.dice.choice(["", "", "", "lost", "answer_lost", "503", "500", (429, {"retry-after": "3"})])


@pytest.mark.parametrize("seed", [1, 2])
def test_every_change_is_told_once_across_ends_and_troubles(viewed, database, agency, time_, seed):
    """A city that changes between polls; the feed ends at any of its steps and begins again where it was."""
    agency.goes_wrong, dice, changes = Trouble(seed), random.Random(seed), 0
    for turn in range(12):
        with viewed() as runner:
            for _ in range(dice.randint(1, 4)):
                for number in range(turn * 5, turn * 5 + 5):
                    changes += run(database, CALL + " ON CONFLICT DO NOTHING", no=f"P-{number}").rowcount
                runner.step()
                time_.passes(10)  # what changes twice between two polls is read once
                touched = f"P-{dice.randrange(max(1, turn * 5))}"
                changes += run(
                    database, f"UPDATE calls SET arrived = {LOCAL}, changed = {LOCAL} WHERE no = :no", no=touched
                ).rowcount
                runner.step()
                time_.passes(10)
        agency.posts.clear()
    agency.goes_wrong = lambda: ""
    with viewed() as runner:
        for _ in range(20):
            time_.passes(61)
            runner.step()
        waiting, aside = runner._place.count_waiting(), runner._place.count_aside()

    assert (agency.accepted, waiting, aside) == (changes, 0, 0)
    for no, arrived in run(database, "SELECT no, arrived AT TIME ZONE 'America/Denver' FROM calls"):
        assert agency.incident(no).facts.arrived_at == arrived


def test_ten_minutes_without_the_agency_flood_nobody_afterwards(viewed, database, agency, time_):
    agency.goes_wrong = lambda: "lost"
    with viewed() as runner:
        for minute in range(10):
            for number in range(60):
                run(database, CALL, no=f"P-{minute}-{number}")
            for _ in range(6):
                runner.step()
                time_.passes(10)
        tries = len(agency.posts)
        agency.goes_wrong = lambda: ""
        agency.posts.clear()
        for _ in range(400):
            runner.step()
            time_.passes(0.25)

    assert agency.accepted == 600
    assert tries < 25  # one a minute in the end
    gaps = [after - before for before, after in zip(agency.posts, agency.posts[1:], strict=False)]
    assert min(gaps) >= 0.5


def test_ten_minutes_without_the_database(viewed, database, agency, postgres, time_):
    run(database, CALL, no="P-1")
    with viewed() as runner:
        runner.step()
        postgres.stop()
        beats = agency.beats
        for _ in range(60):
            time_.passes(10)
            runner.step()
        problem, silent = runner._place.note("source_problem"), agency.beats == beats
        postgres.start()
        run(database, CALL, no="P-2")
        time_.passes(400)
        runner.step()

    assert "refused" in problem or "closed" in problem, problem
    assert silent
    assert agency.accepted == 2


def test_a_row_dated_in_the_future_and_a_clock_that_was_set_back_hide_nothing(viewed, database, agency, time_):
    run(database, CALL, no="P-1")
    run(database, "UPDATE calls SET changed = changed + interval '3 years', received = changed")
    with viewed() as runner:
        runner.step()
        for number in range(2, 5):
            run(database, CALL, no=f"P-{number}")
            time_.passes(10)
            runner.step()

    assert [bool(agency.incident(f"P-{number}").facts.incident_type) for number in range(2, 5)] == [True] * 3
    assert [item.error.split(":")[0] for item in agency.rejected] == ["updates[0].as_of"]


def test_a_late_transaction_is_found_within_the_look_back(viewed, database, agency, time_):
    with viewed() as runner, database.connect().execution_options(isolation_level="READ COMMITTED") as slow:
        with slow.begin():
            slow.execute(sqlalchemy.text(CALL), {"no": "P-1"})
            run(database, CALL, no="P-2")
            runner.step()
        time_.passes(10)
        runner.step()

    assert agency.accepted == 2


@pytest.mark.whole
def test_a_poll_of_a_million_rows_costs_what_changed(viewed, database, agency, time_):
    """The table is a year's; memory and rows read depend on what is new."""
    run(
        database,
        "INSERT INTO calls SELECT 'OLD-' || n, timestamp '2025-01-01' + n * interval '31 seconds',"
        " 'NOISE', NULL, NULL, NULL, NULL, NULL"
        " FROM generate_series(1, 1000000) AS n",
    )
    run(database, "ANALYZE calls")
    with viewed() as runner:
        runner.step()
        before = runner._place.note("rows_read") or 0
        for number in range(1_200):
            run(database, CALL, no=f"P-{number}")
        time_.passes(10)
        tracemalloc.start()
        runner.step()
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        read = runner._place.note("rows_read") - before
        for _ in range(20):
            time_.passes(1)
            runner.step()
    plan = " ".join(
        row[0]
        for row in run(
            database,
            f"EXPLAIN SELECT no FROM calls WHERE changed >= {LOCAL} - interval '30 seconds'"
            " ORDER BY changed, no LIMIT 500",
        )
    )

    assert agency.accepted == 1_200
    assert read == 1_200
    assert peak < 8_000_000
    assert "Index" in plan
    assert "Seq Scan" not in plan


# --- values that a driver can't read


def test_a_time_beyond_every_calendar_costs_its_row_alone(viewed, database, agency, time_):
    for number in range(1, 6):
        run(database, CALL, no=f"P-{number}")
    for number, far in ((2, "infinity"), (3, "-infinity"), (4, "12026-01-01")):
        run(database, f"UPDATE calls SET arrived = '{far}' WHERE no = :no", no=f"P-{number}")
    with viewed() as runner:
        runner.step()
        problem, asides = runner._place.note("source_problem"), runner._place.aside()
        run(database, CALL, no="P-6")
        time_.passes(10)
        runner.step()

    assert problem == ""
    assert agency.accepted == 4, "the beginning of the calendar stands for none"
    assert {said for _, _, said in asides} == {"arrived_at: expected a time of the years 2000 to 2099"}
    assert agency.incident("P-6").facts.incident_type == "NOISE"


def test_a_row_that_was_changed_beyond_every_calendar_hides_no_other(viewed, database, agency, time_):
    run(database, CALL, no="P-1")
    run(database, CALL, no="P-2")
    run(database, "UPDATE calls SET changed = 'infinity' WHERE no = 'P-1'")
    with viewed() as runner:
        for number in range(3, 6):
            runner.step()
            run(database, CALL, no=f"P-{number}")
            time_.passes(10)
        runner.step()
        problem = runner._place.note("source_problem")

    assert problem == ""
    assert [bool(agency.incident(f"P-{number}").facts.incident_type) for number in range(2, 6)] == [True] * 4


def test_a_value_that_the_driver_can_not_read_costs_its_field_alone(feed, tmp_path, agency, time_):
    database = sqlite3.connect(tmp_path / "cad.db", isolation_level=None, check_same_thread=False)
    database.execute(
        "CREATE TABLE calls"
        " (no TEXT, changed INTEGER, kind TEXT, received TEXT, arrived TIMESTAMP, phone TEXT, name TEXT)"
    )
    for number in range(1, 5):
        put(database, f"N-{number}", number, arrived="soon" if number == 2 else None)
    url = f"sqlite:///{tmp_path / 'cad.db'}?detect_types={sqlite3.PARSE_DECLTYPES}"
    with feed(source(url, changed_is="number", overlap_numbers=10), NUMBERED) as runner:
        runner.step()
        problem, asides = runner._place.note("source_problem"), runner._place.aside()
        beats = agency.beats
        time_.passes(120)
        runner.step()

    assert problem == ""
    assert [(origin, said) for _, origin, said in asides] == [("row N-2", "arrived_at: expected one value")]
    assert agency.accepted == 3
    assert agency.beats > beats
