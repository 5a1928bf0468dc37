"""Alerts of danger: a text or comment that says that a person is in danger, with what leads to that person.

An alert leads to the latest calls of the phone, by which dispatch finds the rest. The phone itself goes into the email
to a mailbox that the settings name for alerts. One about a text names its writer by a keyed hash: the phone is with the
text, for whoever says why.
"""

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime

from msgspec import Struct
from msgspec.structs import replace

from chalicelib.domain.incidents.identity import called
from chalicelib.domain.notifications.record import IncidentRecord
from chalicelib.domain.settings.agency import Agency
from chalicelib.domain.surveys.follow_up import Because, Call, Desk, FollowUp
from chalicelib.domain.surveys.read_comment import CommentKind, judge

MOST_CALLS = 3
"""The calls that an alert names: more would hide the one that matters."""

LONGEST_PAGE = 100
"""Characters of a subject at SNS; fewer than fit into one text."""

_EVER = datetime(1970, 1, 1, tzinfo=UTC)


class Lead(Struct, frozen=True):
    """A phone, where one is known, and its latest calls, the latest first."""

    phone: str = ""
    calls: tuple[Call, ...] = ()


def alert(agency_id: str, name: str, words: str, incident_number: str, at: datetime, writer: str = "") -> FollowUp:
    """Return the alert for a text that speaks of danger, whatever it answers.

    `name` is the text's own name, and `writer` the keyed hash of the phone that it came from.
    """
    judged = judge(words)
    return FollowUp(
        id=hashlib.sha256(f"alert {agency_id} {name}".encode()).hexdigest()[:12],
        agency_id=agency_id,
        desk=Desk.ALERTS,
        because=Because.DANGER,
        raised_at=at,
        due_at=at,
        incident_number=incident_number,
        writer=writer,
        comments=() if CommentKind.MISCONDUCT in judged.kinds else (judged.scrubbed,),
    )


def leading(one: FollowUp, lead: Lead) -> FollowUp:
    """Return an alert with the calls that it leads to; without one of its own, it is about the latest."""
    number = one.incident_number or next((call.incident_number for call in lead.calls), "")
    return replace(one, calls=lead.calls, incident_number=number)


def phone_of(record: IncidentRecord, recipient: str) -> str:
    """Return the phone of a person on an incident, in E.164, or "" where there is none that can be called."""
    party = record.incident.everyone.get(recipient)
    return (party.phone.number if party and party.phone else None) or ""


def latest_calls(records: Iterable[IncidentRecord], first: str = "") -> tuple[Call, ...]:
    """Return the latest of those incidents that are stored, the one of that number before all."""
    stored = (record for record in records if record.version)
    found = sorted(stored, key=lambda one: (one.incident.incident_number == first, _began(one)), reverse=True)
    return tuple(map(_call, found[:MOST_CALLS]))


def page(one: FollowUp, agency: Agency) -> str:
    """Return a follow-up in one short line for pagers and subjects: no words of a person, no phone, no type of call."""
    call = f", call {one.call(agency.zone)}" if one.incident_number else ""
    what = "DANGER, look now" if one.because is Because.DANGER else one.because.replace("_", " ")
    line = f"{agency.short_name}: {what}{call}, {'alert' if one.desk is Desk.ALERTS else 'follow-up'} {one.id}"
    plain = "".join(letter if letter.isascii() and letter.isprintable() else "?" for letter in line)
    return plain[:LONGEST_PAGE]


def _began(record: IncidentRecord) -> datetime:
    return record.incident.facts.received_at or record.created_at or _EVER


def _call(record: IncidentRecord) -> Call:
    facts = record.incident.facts
    return Call(
        incident_number=record.incident.incident_number,
        incident_type=facts.incident_type or "",
        beat=facts.beat or "",
        received_at=facts.received_at or record.created_at,
        called=called(record.incident),
    )
