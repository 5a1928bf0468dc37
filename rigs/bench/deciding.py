"""Measure what deciding costs, beside reading the update that made it necessary; all in turn, in one run."""

import gc
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from statistics import median
from time import perf_counter
from typing import Any

import msgspec
from msgspec import Struct

from chalicelib.domain.incidents.incident import Incident
from chalicelib.domain.notifications.plan import plan
from chalicelib.domain.settings.agency import Agency
from chalicelib.inbound.cad.read_updates import read_updates
from chalicelib.inbound.mapping.batch import mapper_of
from chalicelib.virtual.fiction import fictional_email, fictional_phone
from chalicelib.virtual.town.callers import party
from chalicelib.virtual.town.calls import call, update

ROUNDS, CALLS = 15, 400
READING = "decode and check an update"
MAPPED = "map it from a vendor's JSON"
THEIRS = "decode a vendor's JSON, Python's json"
BESIDE = {"merge it": READING, "plan the whole incident": READING, MAPPED: THEIRS}
"""The name of the baseline that each is compared with."""

AT = datetime(2026, 11, 21, 18, 0, tzinfo=UTC)


class Cost(Struct, frozen=True):
    """The time of one call, in microseconds: the median of several rounds."""

    name: str
    microseconds: float


def deciding(agency: Agency) -> tuple[Cost, ...]:
    """Measure in turn, so that what else the machine does falls on all alike."""
    bodies = [msgspec.json.encode({"updates": [told]}) for told in _story(agency)]
    incident = Incident(agency_id=agency.agency_id, incident_number="P26-0000001")
    for place, body in enumerate(bodies):
        (last,) = read_updates(body, f"w{place}", agency.country, AT + timedelta(hours=1)).said_by("cad")
        incident = incident.merge(last)
    first = bodies[0]
    theirs, mapper = _as_a_vendor_writes_it(_story(agency)[0]), mapper_of(MAPPING)
    record = msgspec.json.decode(theirs)
    subjects: dict[str, Callable[[], object]] = {
        READING: lambda: read_updates(first, "w", agency.country, AT),
        "merge it": lambda: incident.merge(last),
        "plan the whole incident": lambda: plan(incident, agency),
        THEIRS: lambda: json.loads(theirs),
        MAPPED: lambda: list(mapper.map(record, AT)),
    }
    took: dict[str, list[float]] = {name: [] for name in subjects}
    gc.disable()
    for _ in range(ROUNDS):
        for name, subject in subjects.items():
            took[name].append(_time(subject))
    gc.enable()
    return tuple(Cost(name, median(times)) for name, times in took.items())


MAPPING = """
format = "json"
[fields]
incident_number = "Call.Number"
as_of = "Call.Changed"
origin = "Call.Source"
incident_type = ["Call.Nature.Final", "Call.Nature.Initial"]
incident_type_description = "Call.Nature.Text"
priority = "Call.Priority"
beat = "Call.Beat"
received_at = "Call.Times.Received"
queued_at = "Call.Times.Queued"
arrived_at = {earliest = "Call.Units[].Arrived"}
dispositions = "Call.Clearance"
[[parties]]
from = "Call.Persons[?Role=='RP' || Role=='V']"
party_id = "Id"
role = "Role"
phone = "Phones[?Kind=='mobile'].Number | [0]"
email = "Email"
[codes.origin]
E911 = "911"
[codes.role]
RP = "caller"
V = "victim"
"""
"""The same update by paths into another shape: the bench is about this, the tests about every other."""


def _as_a_vendor_writes_it(told: dict[str, Any]) -> bytes:
    """Return an update's news in the shape of a vendor's, with what vendors send besides."""
    persons = [
        {
            "Id": party["party_id"],
            "Role": {"caller": "RP", "victim": "V"}[party["role"]],
            "LastName": "Nobody",
            "Phones": [{"Kind": "mobile", "Number": party["phone"]}],
            "Email": party.get("email"),
        }
        for party in told["reporting_parties"]
    ]
    call = {
        "Number": told["incident_number"],
        "Changed": told["as_of"],
        "Source": "E911",
        "Nature": {"Initial": told["incident_type"], "Text": told["incident_type_description"], "Final": None},
        "Priority": 3,
        "Beat": told["beat"],
        "Times": {"Received": told["received_at"], "Queued": told["queued_at"], "Closed": None},
        "Location": {"Address": "1 Nowhere Rd", "City": "Springfield", "X": 39.7, "Y": -105.1},
        "Comments": [{"At": told["as_of"], "By": "ct17", "Text": "loud music from the flat above, third time tonight"}],
        "Units": [],
        "Clearance": [],
        "Persons": persons,
    }
    return msgspec.json.encode({"Call": call})


def _time(subject: Callable[[], object]) -> float:
    start = perf_counter()
    for _ in range(CALLS):
        subject()
    return (perf_counter() - start) / CALLS * 1e6


def _story(agency: Agency) -> list[dict[str, Any]]:
    """Return an incident's updates: two people, from the call to the case number."""
    # What nobody has judged is decided at once, and would measure nothing.
    told = next(entry for entry in agency.judgements.entries if entry.lets and agency.type_of(entry.value))
    victim = party(fictional_phone(2), fictional_email(2), party_id="2", role="victim")
    more = {"incident_type": told.value, "incident_type_description": told.meaning, "queued_at": AT}
    milestones: list[dict[str, Any]] = [
        call(AT, party(fictional_phone(1)), victim, **more),
        {"dispatched_at": AT + timedelta(minutes=8), "enroute_at": AT + timedelta(minutes=9)},
        {"arrived_at": AT + timedelta(minutes=15), "units": [{"unit": "3A12", "officer_ids": ["o1"]}]},
        {"closed_at": AT + timedelta(minutes=40), "dispositions": [*agency.dispositions][:1], "case_numbers": ["26-1"]},
    ]
    return [
        update("P26-0000001", AT + timedelta(seconds=place), milestone) for place, milestone in enumerate(milestones)
    ]
