"""What needs a person: alerts of danger that nobody answered, and calls that are held until somebody decides."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from msgspec import Struct

from chalicelib.domain.notifications.notification import State
from chalicelib.domain.notifications.recipients import awaits_human
from chalicelib.domain.notifications.record import IncidentRecord
from chalicelib.domain.settings.agency import Agency
from chalicelib.domain.surveys.follow_up import FollowUp


class Danger(Struct, frozen=True):
    """An alert of danger that nobody has answered; `incident_number` is "" where it is not known."""

    follow_up: str
    incident_number: str
    raised_at: datetime


class Held(Struct, frozen=True):
    """A call whose texts wait for a person, how many wait, and the whole minutes until the first expires."""

    incident_number: str
    texts: int
    minutes_left: int


class Needs(Struct, frozen=True):
    """What needs a person; `not_looked_at` counts waiting calls beyond those that were read."""

    danger: tuple[Danger, ...] = ()
    held: tuple[Held, ...] = ()
    not_looked_at: int = 0


def needs(
    alerts: Iterable[FollowUp], waiting: Sequence[IncidentRecord], agency: Agency, now: datetime, not_looked_at: int
) -> Needs:
    """Return what needs a person, the most urgent first."""
    dangers = (Danger(one.id, one.incident_number, one.raised_at) for one in alerts if one.answered_at is None)
    held = (_held(record, now) for record in waiting if awaits_human(record.incident, _here(record, agency)))
    return Needs(
        danger=tuple(sorted(dangers, key=lambda one: one.raised_at)),
        held=tuple(sorted((one for one in held if one), key=lambda one: one.minutes_left)),
        not_looked_at=not_looked_at,
    )


def _here(record: IncidentRecord, agency: Agency) -> Agency:
    return agency.at(record.incident.facts.beat)


def _held(record: IncidentRecord, now: datetime) -> Held | None:
    waiting = [row for row in record.rows.values() if row.state is State.SCHEDULED and row.expires_at > now]
    if not waiting:
        return None
    first = min(row.expires_at for row in waiting)
    return Held(record.incident.incident_number, len(waiting), int((first - now).total_seconds() // 60))
