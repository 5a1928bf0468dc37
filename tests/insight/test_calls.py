"""A complaint by phone and time finds its call: in the agency's own time, however the phone is written."""

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from msgspec.structs import replace

from chalicelib.domain.desk.recent import CallOf
from chalicelib.domain.notifications.notification import Kind
from chalicelib.domain.notifications.record import IncidentRecord
from chalicelib.insight.explain.calls import calls_in, named
from chalicelib.insight.explain.read import Unknown
from chalicelib.insight.explain.span import BadTime, span_of
from chalicelib.ports.errors import NotSearchable
from tests.factories import NOW, PHONE, after, agency, call, caller, incident, row

OURS = agency()
OTHER = "+13035550177"
LATER = after(60 * 24 + 120)
"""The next day, 13:00 in Denver."""


def record(number, minutes, phone=PHONE):
    told = call(parties={"1": caller(phone)}, at=after(minutes), beat="12", incident_number=number)
    return IncidentRecord(incident=incident(told, number=number), version=1, created_at=after(minutes))


RECORDS = [record("P26-1", 0), record("P26-2", 60 * 24), record("P26-3", 5, OTHER), record("303-555-0177", 9)]


class Shelf:
    """Incidents as the command asks for them."""

    def __init__(self, since=NOW):
        self.incidents = self.contacts = self
        self.searchable = SimpleNamespace(since=lambda _: since)

    def load(self, key):
        known = (one for one in RECORDS if one.incident.incident_number == key.incident_number)
        return next(known, IncidentRecord(incident=incident(number=key.incident_number), version=0))

    def incidents_of(self, agency_id, address):
        assert agency_id == "springfield"
        theirs = (one for one in RECORDS if address in one.incident.all_addresses)
        gone = CallOf(NOW, "P26-0")
        return (*(CallOf(one.created_at, one.incident.incident_number) for one in theirs), gone)


def numbers(text, at=None):
    found = named(Shelf(), OURS, text, span_of(at, OURS.zone, LATER) if at else None)
    return [one.incident_number for one in found]


def test_nobody_is_told_a_part_before_all_calls_are_found():
    with pytest.raises(NotSearchable, match="tenfour records index"):
        named(Shelf(since=None), OURS, PHONE)


@pytest.mark.parametrize("written", ["303-555-0123", "(303) 555-0123", "3035550123", "+1 303 555 0123", "303.555.0123"])
def test_a_phone_finds_its_calls_the_latest_first_however_it_is_written(written):
    assert numbers(written) == ["P26-2", "303-555-0177", "P26-1"]


@pytest.mark.parametrize(
    ("at", "found"),
    [
        ("2026-11-21", ["303-555-0177", "P26-1"]),
        ("2026-11-21 11:30", ["303-555-0177", "P26-1"]),
        ("2026-11-22 10:00", ["P26-2"]),
        ("2026-11-21T18:30:00+00:00", ["303-555-0177", "P26-1"]),
        ("yesterday", ["303-555-0177", "P26-1"]),
        ("yesterday at about 11:30 am", ["303-555-0177", "P26-1"]),
        ("11/21/2026 11:30", ["303-555-0177", "P26-1"]),
        ("11/21, 11:30 a.m.", ["303-555-0177", "P26-1"]),
        ("today", ["P26-2"]),
        ("11 am", ["P26-2"]),
        ("around 10:30", ["P26-2"]),
    ],
)
def test_a_time_is_the_agencys_own(at, found):
    assert datetime(2026, 11, 21, 18, tzinfo=UTC) == NOW  # 11:00 in Denver
    assert numbers("303-555-0123", at) == found


def test_an_incidents_number_is_that_incident_even_if_it_looks_like_a_phone():
    assert numbers("303-555-0177") == ["303-555-0177"]
    assert numbers("P26-3") == ["P26-3"]


@pytest.mark.parametrize(
    ("text", "at", "said"),
    [
        ("P26-404", None, "neither a phone nor an email"),
        ("303-555-0199", None, "knows no call by that phone"),
        (
            "303-555-0123",
            "2025-01-01",
            "between Wed 2025-01-01 00:00 and Thu 2025-01-02 00:00; without --at it knows 3",
        ),
        ("303-555-0123", "9 pm", "between Sat 2026-11-21 19:00 and Sat 2026-11-21 23:00; without --at"),
    ],
)
def test_what_is_not_found_says_why(text, at, said):
    with pytest.raises(Unknown, match=said):
        numbers(text, at)


@pytest.mark.parametrize(
    "at",
    [
        "last week",
        "25:30",
        "2026-13-01",
        "",
        "yesterday evening",
        "11/31",
        "13 pm",
        "9",
        "9999-12-31",
        "0001-01-01 01:00",
    ],
)
def test_a_time_that_is_none_is_refused(at):
    with pytest.raises(BadTime):
        span_of(at, OURS.zone, LATER)


def test_a_day_of_the_clock_change_is_a_whole_day():
    day = span_of("2026-11-01", OURS.zone, LATER)

    assert (day.before - day.first).days in {0, 1}
    assert [one.isoformat() for one in (day.first, day.before)] == [
        "2026-11-01T00:00:00-06:00",
        "2026-11-02T00:00:00-07:00",
    ]


def test_nobodys_phone_comes_back():
    found = calls_in(RECORDS, None)

    assert PHONE not in repr(found)
    assert {one.went for one in found} == {0}


def test_a_time_finds_the_call_of_which_a_message_went_then():
    told = RECORDS[0]
    survey = row(Kind.SURVEY, sent_at=after(60 * 18))
    record = replace(told, rows={survey.key: survey})

    assert [
        one.incident_number for one in calls_in([record, *RECORDS[1:]], span_of("today 5 am", OURS.zone, LATER))
    ] == ["P26-1"]
