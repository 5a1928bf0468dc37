"""Jobs of the desk: the same promises in memory and over DynamoDB."""

from datetime import timedelta
from uuid import uuid4

import pytest
from msgspec.structs import replace

from chalicelib.aws.stores.jobs import JobTable
from chalicelib.aws.tables import SessionItem, bind
from chalicelib.domain.approval import Author
from chalicelib.domain.desk.jobs import KEPT_FOR, Asked, Part, new_job
from chalicelib.virtual.jobs import MemoryJobs
from tests.aws.conftest import DATABASES
from tests.factories import NOW, after

DAYS = ("2026-11-01", "2026-11-02")
JOB = new_job("draft_week", Author("desk:id:ana", "Ana Ruiz"), {"draft": "one"}, DAYS, NOW)


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.at = NOW

    def __call__(self):
        return self.at


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture(scope="session")
def made():
    """Return tables that were made here, by the connection of each database."""
    return {}


@pytest.fixture(params=["memory", *DATABASES])
def jobs(request, clock, made):
    """Return the port, by each of its adapters."""
    if request.param == "memory":
        return MemoryJobs(clock)
    connection = request.getfixturevalue(request.param).connection
    if connection not in made:
        items = bind(SessionItem, f"jobs-{uuid4().hex[:8]}", connection)
        items.create_table(wait=True, billing_mode="PAY_PER_REQUEST")
        made[connection] = items
    return JobTable(made[connection], clock, connection)


@pytest.fixture
def springfield():
    """Return the name of an agency that no other test has used."""
    return f"s{uuid4().hex[:10]}"


def part(chunk, why="", asked_at=NOW):
    return Part(chunk=chunk, asked_at=asked_at, why=why)


def test_a_job_is_found_with_its_parts_by_its_own_agency_alone(jobs, springfield):
    jobs.keep(springfield, JOB)
    jobs.keep(springfield, replace(JOB, sent=True))
    jobs.end(springfield, JOB, part(DAYS[1]), "later")
    jobs.end(springfield, JOB, part(DAYS[0]), "first")
    found = jobs.find(springfield, JOB.name)

    assert (found.job, found.parts) == (replace(JOB, sent=True), (part(DAYS[0]), part(DAYS[1])))
    assert jobs.results(springfield, JOB.name) == {DAYS[0]: "first", DAYS[1]: "later"}
    assert jobs.find("shelbyville", JOB.name) is None
    assert jobs.find(springfield, "other") is None


def test_a_chunk_ends_once_and_one_that_failed_may_be_done_yet(jobs, springfield):
    jobs.keep(springfield, JOB)
    assert jobs.end(springfield, JOB, part(DAYS[0], why="failed"))
    assert jobs.end(springfield, JOB, part(DAYS[0], why="late"))
    assert jobs.end(springfield, JOB, part(DAYS[0]), "done")
    assert not jobs.end(springfield, JOB, part(DAYS[0]), "made anew")
    assert not jobs.end(springfield, JOB, part(DAYS[0], why="failed"))

    assert jobs.find(springfield, JOB.name).parts == (part(DAYS[0]),)
    assert jobs.results(springfield, JOB.name) == {DAYS[0]: "done"}


def test_a_result_may_be_as_long_as_a_day_s_ever_is(jobs, springfield):
    jobs.keep(springfield, JOB)
    long = "".join(uuid4().hex for _ in range(6000))
    jobs.end(springfield, JOB, part(DAYS[0]), long)

    assert jobs.results(springfield, JOB.name) == {DAYS[0]: long}


def test_all_of_it_is_gone_after_a_day_whenever_the_table_removes_it(jobs, springfield, clock):
    jobs.keep(springfield, JOB)
    jobs.end(springfield, JOB, part(DAYS[0]), "done")
    clock.at = NOW + KEPT_FOR - timedelta(seconds=1)
    before = jobs.find(springfield, JOB.name), jobs.results(springfield, JOB.name)
    clock.at = after(24 * 60)

    assert all(before)
    assert jobs.find(springfield, JOB.name) is None
    assert jobs.results(springfield, JOB.name) == {}


def test_what_ended_and_is_still_in_the_table_gives_way_to_the_same_job_asked_for_again(jobs, springfield, clock):
    jobs.keep(springfield, JOB)
    for day in DAYS:
        jobs.end(springfield, JOB, part(day), "before")
    clock.at = after(24 * 60)
    again = replace(JOB, asked_at=clock.at)
    jobs.keep(springfield, again)
    waits = jobs.find(springfield, JOB.name).left
    ended = jobs.end(springfield, again, part(DAYS[0], asked_at=clock.at), "now")

    assert (waits, ended) == (DAYS, True)
    assert jobs.find(springfield, JOB.name).left == DAYS[1:]
    assert jobs.results(springfield, JOB.name) == {DAYS[0]: "now"}


def test_what_was_asked_for_is_counted_of_an_agency_since_an_instant(jobs, springfield):
    older, newer = (Asked(job=f"job{place}", by=JOB.by, at=after(60 * place)) for place in (1, 2))
    for one in (newer, older, newer):
        jobs.count(springfield, one)
    jobs.count(f"{springfield}x", newer)

    assert jobs.counted(springfield, NOW) == (older, newer)
    assert jobs.counted(springfield, older.at) == (newer,)
    jobs.uncount(springfield, newer)
    assert jobs.counted(springfield, NOW) == (older,)
