"""How a stack does, in figures that can be added up by hand, on a terminal of 80 columns."""

from datetime import timedelta

from msgspec.structs import replace
from rich.console import Console

from chalicelib.domain.incidents.feed_health import FeedTrouble
from chalicelib.domain.names import Kind
from chalicelib.domain.notifications.notification import State, Step
from chalicelib.domain.notifications.reasons import Reason
from chalicelib.domain.notifications.record import IncidentRecord
from chalicelib.domain.surveys.alert import alert
from chalicelib.insight.status.count import OVERDUE, Lateness, backlog, midnight, period, week_began
from chalicelib.insight.status.needs import needs
from chalicelib.insight.status.read import Feed, Status
from chalicelib.virtual.fiction import fictional_phone
from tenfour.operate.status_show import show
from tests.factories import NOW, after, agency, call, caller, incident, row

OURS = agency()


def record(*rows, at=NOW):
    return IncidentRecord(incident=incident(call()), rows={each.key: each for each in rows}, version=1, created_at=at)


def sent(minutes=0, late=0.0, kind=Kind.ACKNOWLEDGMENT, state=State.DELIVERED, **more):
    at = after(minutes) + timedelta(seconds=late)
    changes = {"planned_for": after(minutes), "sent_at": at, "state": state, "attempts": 1, "segments": 1, **more}
    return row(kind, steps=(Step(at, state, more.get("reason", "")),), **changes)


def test_a_day_and_a_week_begin_as_the_agency_s_own_do():
    sunday_night = NOW.replace(day=23, hour=6, minute=30)  # 23:30 on Sunday in Denver

    assert midnight(sunday_night, OURS).isoformat() == "2026-11-22T00:00:00-07:00"
    assert week_began(sunday_night, OURS).isoformat() == "2026-11-16T00:00:00-07:00"


def test_each_message_is_counted_once_where_it_belongs():
    told = [
        record(sent(), sent(late=3, kind=Kind.DELAY, segments=2), sent(late=1, kind=Kind.DELAY, recipient="2")),
        record(
            sent(state=State.FAILED, reason="blocked"), sent(kind=Kind.SURVEY, state=State.UNKNOWN, reason="lease_over")
        ),
        record(row(state=State.SUPPRESSED, reason=Reason.OPTED_OUT, steps=(Step(NOW, State.SUPPRESSED, "opted_out"),))),
        record(sent(minutes=-600), at=after(-600)),
    ]

    counted = period(told, OURS, after(-60))

    assert (counted.incidents, counted.sent, counted.delivered) == (3, 5, 3)
    assert counted.went_wrong == {"blocked": 1, "lease_over": 1}
    assert counted.not_sent == {"opted_out": 1}
    assert (counted.segments, counted.dollars) == (6, "0.07")
    assert Lateness(Kind.DELAY, 2, 3.0, 3.0) in counted.lateness


def test_what_a_rule_held_back_is_not_late():
    held = replace(sent(late=3600), steps=(Step(NOW, State.SCHEDULED, Reason.QUIET_HOURS), Step(NOW, State.SENT)))
    retried = replace(sent(late=600), attempts=2)
    heard_late = replace(sent(late=900), created_at=after(15))

    told = period([record(held), record(retried), record(heard_late)], OURS, after(-60))

    assert told.lateness == (Lateness(Kind.ACKNOWLEDGMENT, 1, 0.0, 0.0),)


def test_what_waits_is_overdue_only_where_nobody_looked_at_it():
    due = [NOW, after(30)]

    assert backlog(due, NOW).overdue == 0
    late = backlog(due, NOW + OVERDUE + timedelta(seconds=1))
    assert (late.waiting, late.overdue, late.oldest) == (2, 1, NOW)


def status(**changes):
    figures = period([record(sent(late=2.5))], OURS, after(-60))
    quiet = Status(
        agency_id="springfield",
        agency="Springfield Police Department",
        at=NOW,
        mode="live",
        settings_version=3,
        paused=(),
        down=(),
        feed=Feed(heard_at=NOW, told_at=after(-3), silent_after=75, troubles=()),
        backlog=backlog([], NOW),
        today=figures,
        week=figures,
        alarms=None,
    )
    return replace(quiet, **changes)


def shown(told):
    console = Console(width=80, record=True, highlight=False)
    show(console, told, OURS.zone)
    text = console.export_text()
    assert max(map(len, text.splitlines())) <= 80
    return text


def test_a_quiet_night_needs_nobody():
    text = shown(status())

    assert "Nothing needs you." in text
    assert "last update 3 min ago, heard just now; silent after 1 h 15 min at this hour" in " ".join(text.split())
    assert "1 segments, $0.01" in text


def test_what_is_true_now_is_told_without_what_takes_a_scan():
    text = shown(status(today=None, week=None, backlog=backlog([NOW], NOW)))

    assert "1 wait to be sent, none overdue" in text
    assert "today" not in text


def test_what_needs_somebody_comes_first():
    troubled = status(
        paused=("tables incidents: restored from a backup",),
        down=("twilio",),
        feed=Feed(heard_at=None, told_at=None, silent_after=None, troubles=(FeedTrouble.REJECTED,)),
        backlog=backlog([NOW], after(30)),
        alarms=("tenfour-Deliver5XX: " + "look at the log " * 8,),
    )

    text = shown(troubled)

    first = text[: text.index("backlog")]
    for words in (
        "restored from a backup",
        "twilio takes no messages",
        "are rejected",
        "1 overdue, the oldest since Sat",
        "alarm tenfour-",
    ):
        assert words in " ".join(first.split()), words
    assert "Nothing needs you" not in text


def test_danger_and_held_calls_come_first_with_the_minutes_left():
    callers = incident(call(parties={str(n): caller(fictional_phone(n)) for n in range(5)}))
    rows = [row(recipient=str(who), expires_at=after(15)) for who in range(5)]
    held = IncidentRecord(incident=callers, rows={each.key: each for each in rows}, version=1, created_at=NOW)
    alert_ = alert("springfield", "t1", "he has a gun", "P26-9", NOW)

    found = needs([alert_, replace(alert_, id="seen", answered_at=NOW)], [held, record(row())], OURS, NOW, 3)
    text = " ".join(shown(status(needs=found)).split())

    assert [one.incident_number for one in found.danger] == ["P26-9"]
    assert [(one.texts, one.minutes_left) for one in found.held] == [(5, 15)]
    assert text.index("danger: alert") < text.index("held: call") < text.index("3 more calls")
    assert "Nothing needs you" not in text
