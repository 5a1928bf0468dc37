"""How a stack does, in figures that can be added up by hand, on a terminal of 80 columns."""

from datetime import timedelta

from msgspec.structs import replace

from chalicelib.domain.names import Kind
from chalicelib.domain.notifications.notification import State, Step
from chalicelib.domain.notifications.reasons import Reason
from chalicelib.domain.notifications.record import IncidentRecord
from chalicelib.insight.status.count import OVERDUE, Lateness, backlog, midnight, period, week_began
from chalicelib.insight.status.feeds import Feed
from chalicelib.insight.status.needs import needs
from chalicelib.insight.status.nulls import Nulls
from chalicelib.insight.status.read import Status
from tenfour.common.screen import Screen
from tenfour.operate.status_show import show
from tests.factories import NOW, after, agency, call, incident, row
from tests.insight.test_needs import ALL, JUDGED

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
    console = Screen(width=80, record=True)
    show(console, told, OURS.zone)
    text = console.export_text()
    assert max(map(len, text.splitlines())) <= 80
    return text


def flat(text):
    return " ".join(text.split())


def test_a_quiet_night_needs_nobody():
    text = shown(status(alarms=()))

    assert "Nothing needs you." in text
    assert "last update 3 min ago, heard just now; silent after 1 h 15 min at this hour" in flat(text)
    assert "1 segment, $0.01" in text


def test_what_nulls_took_back_is_told_with_its_fields_though_nobody_must_act():
    told = Nulls(source="cad", calls=2, of=900, fields={"arrived_at": 2, "beat": 1, "phone": 1, "shift": 1, "units": 1})

    text = flat(shown(status(alarms=(), nulls=(told,))))

    assert "nulls cad took back known values on 2 of 900 calls in 24 hours: arrived_at 2, beat 1," in text
    assert "and 1 more field" in text
    assert "Nothing needs you." in text


def test_nothing_needs_you_is_said_only_of_what_was_looked_at():
    text = shown(status(alarms=None, today=None, week=None))

    assert "Nothing needs you." not in text
    assert "Nothing needs you now." in text
    assert "leave out --now" in text
    assert "Alarms can't be read" in text


def test_what_is_true_now_is_told_without_what_takes_a_scan():
    text = shown(status(today=None, week=None, backlog=backlog([NOW], NOW)))

    assert "1 wait to be sent, none overdue" in text
    assert "today" not in text


def test_what_needs_somebody_comes_first_in_80_columns():
    text = shown(status(needs=needs(ALL, JUDGED, after(30))))

    first = flat(text[: text.index("backlog")])
    told = (
        "DANGER since 11:00: call P26-9 (same phone: P26-8), alert",
        "HELD, 15 min left: call P26-1, 5 texts wait until you decide",
        "FEED since 10:00: it is silent for longer than usual",
        "NULLS took values back on 3 calls in 24 hours, cad: arrived_at, beat",
        "BLOCKED: carriers block the texts of AWS End User Messaging, so they wait",
        "PROVIDER: Twilio takes no messages",
        "LATE since 11:00: 1 message is overdue",
        "PAUSED since 11:00: kind survey by Lee: a storm",
        "ALARM tenfour-Deliver5XX: look at the log",
        "FOLLOW-UPS: 1 of supervisors late since 11:10",
        "NOT JUDGED: type_modifier: ZQ-7 kept 3 calls silent in 7 days",
        "NOT LOOKED AT: 3 calls with texts that wait",
    )
    places = [first.find(words) for words in told]
    assert places == sorted(places), dict(zip(told, places, strict=True))
    assert -1 not in places, dict(zip(told, places, strict=True))
    assert "Nothing needs you" not in text
