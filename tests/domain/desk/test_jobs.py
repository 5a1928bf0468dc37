"""Jobs: their state is counted from their parts, and whoever asks twice asks once."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from chalicelib.domain.approval import Author
from chalicelib.domain.desk.jobs import (
    A_DAY,
    AT_ONCE,
    KEPT_FOR,
    LATE_AFTER,
    OWN_A_DAY,
    Asked,
    Part,
    Progress,
    Work,
    as_work,
    limit_met,
    new_job,
    read_work,
)
from tests.factories import NOW, after

ANA, BEN = Author("desk:id.example:ana", "Ana Ruiz"), Author("desk:id.example:ben", "Ben Okafor")
GIVEN = {"draft": "one", "text": "digest"}
DAYS = ("2026-11-01", "2026-11-02", "2026-11-03")
JOB = new_job("draft_week", ANA, GIVEN, DAYS, NOW)
SENT = replace(JOB, sent=True)


def part(chunk, why="", asked_at=NOW):
    return Part(chunk=chunk, asked_at=asked_at, why=why)


@pytest.mark.parametrize(
    ("parts", "state", "done", "left"),
    [
        ((), "asked", 0, DAYS),
        ((part(DAYS[1]),), "running", 1, (DAYS[0], DAYS[2])),
        ((part(DAYS[0]), part(DAYS[1], "unsound")), "failed", 1, DAYS[1:]),
        ((part(DAYS[0]), part(DAYS[1], "failed", asked_at=after(-60))), "running", 1, DAYS[1:]),
        (tuple(map(part, DAYS)), "done", 3, ()),
    ],
    ids=["none", "one", "one failed", "one failed before it was asked again", "all"],
)
def test_the_state_is_counted_from_the_parts(parts, state, done, left):
    progress = Progress(SENT, parts)

    assert (progress.state(NOW), progress.done, progress.left) == (state, done, left)
    assert progress.may_be_asked(NOW) == (state == "failed")


def test_a_job_that_lost_a_chunk_fails_by_its_time_and_a_done_one_never():
    late = NOW + LATE_AFTER

    assert Progress(SENT, (part(DAYS[0]),)).why(late - timedelta(seconds=1)) == ""
    assert Progress(SENT, (part(DAYS[0]),)).why(late) == "late"
    assert Progress(SENT, tuple(map(part, DAYS))).state(late) == "done"
    assert SENT.until == NOW + KEPT_FOR > late


def test_a_job_whose_chunks_were_not_all_left_may_be_asked_again_at_once():
    assert Progress(JOB).may_be_asked(NOW)
    assert not Progress(SENT).may_be_asked(NOW)
    assert not Progress(JOB, tuple(map(part, DAYS))).may_be_asked(NOW)


def test_a_job_that_is_shared_is_the_same_whoever_asks():
    ana, ben = (new_job("shadow", who, {"days": "7"}, DAYS, NOW, shared=True) for who in (ANA, BEN))

    assert ana.name == ben.name != new_job("shadow", ANA, {"days": "7"}, DAYS, NOW).name
    assert (ana.by, ben.by) == (ANA, BEN)


def test_the_same_work_of_the_same_person_has_the_same_name_and_no_other_has():
    others = [
        new_job("draft_week", BEN, GIVEN, DAYS, NOW),
        new_job("draft_week", ANA, {**GIVEN, "text": "other"}, DAYS, NOW),
        new_job("draft_week", ANA, GIVEN, DAYS[1:], NOW),
    ]

    assert new_job("draft_week", ANA, dict(reversed(GIVEN.items())), DAYS, after(60)).name == JOB.name
    assert JOB.name not in {other.name for other in others}
    assert JOB.name.isalpha()
    assert (Progress(JOB).is_of(ANA), Progress(JOB).is_of(BEN)) == (True, False)


def test_a_chunk_is_read_from_the_queue_as_it_was_left():
    work = Work("springfield", JOB.name, DAYS[0])

    assert read_work(as_work(work)) == work


def asked(number, by=ANA, minutes=0):
    return Asked(job=f"job{number}", by=by, at=after(-60 * minutes))


@pytest.mark.parametrize(
    ("others", "running", "limit"),
    [
        ([], set(), None),
        ([asked(n) for n in range(AT_ONCE)], {f"job{n}" for n in range(AT_ONCE)}, "at_once"),
        ([asked(n) for n in range(AT_ONCE)], {f"job{n}" for n in range(1, AT_ONCE)}, None),
        ([asked(n, BEN) for n in range(AT_ONCE)], {f"job{n}" for n in range(AT_ONCE)}, None),
        ([asked(0, minutes=n) for n in range(AT_ONCE)], {"job0"}, None),
        ([asked(n) for n in range(OWN_A_DAY)], set(), "own_day"),
        ([asked(n) for n in range(OWN_A_DAY - 1)], set(), None),
        ([asked(n, BEN) for n in range(A_DAY)], set(), "a_day"),
        ([asked(n, BEN) for n in range(A_DAY - 1)], set(), None),
        ([asked(0, minutes=n) for n in range(A_DAY)], set(), "a_day"),
    ],
    ids=[
        "none",
        "too many run",
        "one ended",
        "of others",
        "one job again",
        "one's own of a day",
        "all but one of one's own",
        "a day's",
        "all but one",
        "one over and over",
    ],
)
def test_a_person_has_a_few_at_once_and_an_agency_some_tens_a_day(others, running, limit):
    assert limit_met(others, running, replace(ANA, name="A. Ruiz")) == limit
