"""Rows of the lake at random, within what their types allow, and lakes that hold them."""

import random
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from pathlib import Path

from chalicelib.domain.lake.incident_columns import IncidentRow, UpdateRow
from chalicelib.domain.lake.notification_columns import NotificationRow
from chalicelib.domain.lake.survey_columns import CommentRow, FollowUpRow, ReleaseRow, SurveyAnswerRow
from chalicelib.domain.lake.tables import Day, newest, table_of
from chalicelib.domain.notifications.notification import State
from tenfour.figures.folder import FolderLake

START = datetime(2026, 6, 20, 4, tzinfo=UTC)
REASONS = (None, None, "sensitive", "no_address", "arrived", "type_unknown", "type_not_allowed")
KINDS = ("acknowledgment", "delay", "outcome", "survey")


def write(folder: Path, rows) -> Path:
    """Write rows into a lake in a folder, each in its day; return where a query looks."""
    days = defaultdict(list)
    for row in rows:
        days[table_of(row), row.dt].append(row)
    lake = FolderLake(folder)
    for (table, dt), together in days.items():
        lake.write_day(table, dt, Day(tuple(newest(together)), lake.tag(table, dt)))
    return folder / "lake"


def instant(dice, first=START, days=60):
    return first + timedelta(seconds=dice.randrange(days * 86_400))


def on(at):
    return (at - timedelta(hours=6)).date().isoformat()


def incident(dice, n):
    at = instant(dice)
    came = dice.choice((None, dice.randrange(60, 9000)))
    again = at + timedelta(minutes=dice.randrange(1, 90)) if dice.random() < 0.3 else None
    return IncidentRow(
        id=f"i{n}",
        version=dice.randrange(1, 9),
        dt=at.date(),
        agency_id=dice.choice(("north", "south")),
        incident_number=f"P26-{n}",
        origin=dice.choice((None, "911")),
        incident_type=dice.choice((None, "NOISE", "THEFT", "PARADE")),
        priority=dice.choice((None, "1", "2")),
        beat=dice.choice((None, "11", "12")),
        shift=dice.choice((None, "A")),
        response_mode=None,
        received_at=at,
        queued_at=None,
        dispatched_at=None,
        enroute_at=None,
        arrived_at=at + timedelta(seconds=came) if came else dice.choice((None, at)),
        closed_at=None,
        cancelled_at=None,
        outcome=None,
        received_on=on(at),
        received_hour=dice.choice((None, *range(24))),
        lag_seconds=dice.choice((None, *range(-5, 900, 50))),
        response_seconds=came,
        duplicate=dice.choice((None, True, False, False)),
        repeat_contacts=int(again is not None),
        last_repeat_at=again,
        no_acknowledgment=dice.choice(REASONS),
        no_delay=dice.choice(REASONS),
        no_survey=dice.choice(REASONS),
    )


def notification(dice, n, incidents):
    about = dice.choice(incidents)
    planned = about.received_at + timedelta(seconds=dice.randrange(0, 90_000))
    state = dice.choice(tuple(State))
    sent = planned + timedelta(seconds=dice.randrange(-2, 400))
    told = state in (State.SENT, State.DELIVERED, State.UNKNOWN, State.UNDELIVERED) and dice.random() < 0.95
    reason = {State.SUPPRESSED: "shadow", State.UNDELIVERED: "blocked", State.FAILED: "no_route"}.get(state, "")
    return NotificationRow(
        id=f"n{n}",
        version=2,
        dt=about.dt,
        agency_id=about.agency_id,
        incident_number=about.incident_number,
        incident_id=about.id if dice.random() < 0.97 else "elsewhere",
        kind=dice.choice(KINDS),
        ordinal=dice.choice((0, 0, 0, 1)),
        channel=dice.choice(("sms", "email")),
        variant="",
        state=state,
        reason=dice.choice((reason, reason, "" if state is State.CANCELLED else reason)),
        provider=dice.choice(("", "ses")),
        segments=dice.randrange(4),
        cost=dice.choice((None, 0.00831, 0.0125)),
        attempts=1,
        settings_version=1,
        language=dice.choice(("en", "es")),
        arm=dice.choice(("", "noon")),
        planned_for=planned,
        planned_on=on(planned),
        planned_hour=(planned - timedelta(hours=6)).hour,
        sent_at=sent if told else None,
        sent_on=on(sent) if told else None,
        wait_seconds=int((sent - planned).total_seconds()) if told else None,
        finished_at=sent,
    )


def _employees(n):
    """Return whom an answer of an agency tells that names its labor agreement; the other agency has none."""
    return {"officer": (None, "o1", "o2", "(several)")[n % 4], "call_taker_id": (None, "ct1", "ct2")[n % 3]}


def answers(dice, n):
    asked = instant(dice)
    call = {
        "incident_type": dice.choice((None, "NOISE", "THEFT")),
        "beat": dice.choice((None, "11", "12")),
        "shift": dice.choice((None, "A")),
        "unit": dice.choice((None, "3A12")),
        "hour": dice.choice((None, *range(24))),
    }
    shared = {
        "dt": asked.date(),
        "agency_id": dice.choice(("north", "south")),
        "questionnaire_version": dice.choice(("", "2")),
        "language": dice.choice(("en", "es")),
        "asked_on": on(asked),
        "answered_at": asked + timedelta(hours=dice.randrange(90)),
    }
    carries = dice.choice((None, "", "beat,incident_type,shift", "beat,hour,incident_type,shift"))
    carries = "beat,hour,incident_type,shift" if shared["agency_id"] == "south" else carries
    employees = _employees(n) if shared["agency_id"] == "north" else {}
    arm, asked_by = dice.choice(("", "noon")), dice.choice(("link", "reply", "card"))
    version = dice.choice(("", "ab12"))
    for question in ("respect", "helped", "overall"):
        mark = dice.choice((1, 2, 3, 4, 5, 5, 5))
        given = None if dice.random() < 0.1 else mark
        about = dice.choice(("officer", "agency"))
        yield SurveyAnswerRow(
            id=f"a{n}{question}",
            version=1,
            question=question,
            mark=given,
            value=str(mark),
            about="call_taker" if employees and question == "helped" else about,
            settings_version=1,
            asked_at=asked,
            respondent=f"r{n}",
            question_version=version,
            asked_by=asked_by,
            door="card" if asked_by == "card" else dice.choice(("link", "link", "reply", "link,reply")),
            arm=arm,
            carries=carries,
            **employees,
            **shared,
            **call,
        )
    if dice.random() < 0.3:
        yield CommentRow(
            id=f"c{n}",
            version=1,
            question="comment",
            comment=dice.choice((f"Said {n}", f"Said {n}", "")),
            words=f"w{n}",
            **shared,
        )
        if dice.random() < 0.7:
            yield ReleaseRow(
                id=f"c{n}",
                version=1,
                dt=asked.date(),
                agency_id=shared["agency_id"],
                words=dice.choice((f"w{n}", f"w{n}", "earlier")),
                state=dice.choice(("held", "released")),
            )


def follow_up(dice, n):
    asked = instant(dice)
    closed = dice.random() < 0.6
    return FollowUpRow(
        id=f"f{n}",
        version=1,
        dt=asked.date(),
        agency_id=dice.choice(("north", "south")),
        because=dice.choice(("low_score", "low_score", "contact")),
        state="closed" if closed else "open",
        asked_on=on(asked),
        due_on=dice.choice((None, on(asked + timedelta(hours=48)))),
        hours=dice.randrange(90) if closed else None,
        in_time=dice.choice((True, False)) if closed else None,
    )


def heard(dice, n):
    at = instant(dice)
    return UpdateRow(
        id=f"u{n}",
        version=1,
        dt=at.date(),
        agency_id=dice.choice(("north", "south")),
        incident_id=f"i{dice.randrange(30)}",
        heard_at=at,
        as_of=at,
        updates=dice.randrange(1, 5),
        heard_on=on(at),
        heard_hour=(at - timedelta(hours=6)).hour,
        lag_seconds=dice.randrange(400),
    )


def sample(seed=104, incidents=400):
    """Return rows of every table over sixty days."""
    dice = random.Random(seed)
    calls = [incident(dice, n) for n in range(incidents)]
    return [
        *calls,
        *(notification(dice, n, calls) for n in range(3 * incidents)),
        *(row for n in range(incidents) for row in answers(dice, n)),
        *(follow_up(dice, n) for n in range(incidents // 4)),
        *(heard(dice, n) for n in range(incidents)),
    ]
