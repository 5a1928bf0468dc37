"""Turn changes of the tables into the rows that analysts see, without the persons."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from chalicelib.domain.incidents.identity import shown_number
from chalicelib.domain.incidents.incident import Incident
from chalicelib.domain.lake.answer_rows import answer_rows, follow_up_rows, release_row
from chalicelib.domain.lake.incident_columns import IncidentRow, UpdateRow
from chalicelib.domain.lake.notification_columns import NotificationRow
from chalicelib.domain.lake.redact import as_code, is_address
from chalicelib.domain.lake.row import LakeRow
from chalicelib.domain.lake.row_names import incident_name, row_name, zone_of
from chalicelib.domain.lake.tables import IncidentVersion, UpdateHeard
from chalicelib.domain.names import IncidentKey, Kind
from chalicelib.domain.notifications.notification import Notification
from chalicelib.domain.notifications.timing import outcome_class
from chalicelib.domain.settings.agency import Agency
from chalicelib.domain.settings.questions import Questions
from chalicelib.domain.surveys.comment_release import CommentRelease
from chalicelib.domain.surveys.follow_up import FollowUp
from chalicelib.domain.surveys.survey import Survey

Changed = IncidentVersion | Notification | Survey | UpdateHeard | CommentRelease | FollowUp

_CODES = ("incident_type", "priority", "beat", "shift")
_SHARED = (
    *("origin", "response_mode", "received_at", "queued_at", "dispatched_at", "enroute_at", "arrived_at"),
    *("closed_at", "cancelled_at"),
)
_OF_NOTIFICATION = (
    *("version", "channel", "variant", "state", "reason", "provider", "segments", "attempts", "settings_version"),
    *("planned_for", "sent_at", "finished_at", "language"),
)


def lake_rows(changed: Changed, agency: Agency | None, questions: Questions = ()) -> Iterator[LakeRow]:
    """Return what analysts see of a change; without settings an outcome has no class, and days are UTC's.

    `questions` are those with which a survey was asked.
    """
    match changed:
        case IncidentVersion():
            yield incident_row(changed, agency)
        case Notification():
            yield notification_row(changed, agency)
        case Survey():
            yield from answer_rows(changed, agency, questions)
        case CommentRelease():
            yield release_row(changed)
        case FollowUp():
            yield from follow_up_rows(changed, agency)
        case UpdateHeard():
            yield update_row(changed, agency)


def agency_of(changed: Changed) -> str:
    """Return the agency that a change is about."""
    match changed:
        case IncidentVersion():
            return changed.incident.agency_id
        case Notification() | UpdateHeard():
            return changed.key.agency_id
        case Survey() | CommentRelease() | FollowUp():
            return changed.agency_id


def incident_row(changed: IncidentVersion, agency: Agency | None) -> IncidentRow:
    """Return what analysts see of an incident."""
    incident, facts = changed.incident, changed.incident.facts
    local = (facts.received_at or changed.created_at).astimezone(zone_of(agency))
    called_again = _called_again(incident)
    shared: dict[str, Any] = {name: getattr(facts, name) for name in _SHARED}
    shared |= {name: as_code(getattr(facts, name)) for name in _CODES} | _not_told(changed)
    return IncidentRow(
        id=incident_name(incident.key),
        version=changed.version,
        dt=changed.created_at.astimezone(UTC).date(),
        agency_id=incident.agency_id,
        incident_number=_number(incident.key),
        outcome=outcome_class(facts, agency) if agency else None,
        unit=as_code(facts.units[0].unit) if facts.units else None,
        received_on=local.date().isoformat(),
        received_hour=local.hour,
        first_heard_at=changed.created_at,
        lag_seconds=_seconds(facts.received_at, changed.created_at),
        dispatch_seconds=_forward(facts.received_at, facts.dispatched_at),
        response_seconds=_forward(facts.received_at, facts.arrived_at),
        open_seconds=_forward(facts.received_at, facts.closed_at),
        duplicate=incident.same_as is not None,
        repeat_contacts=len(called_again),
        last_repeat_at=max(called_again, default=None),
        settings_version=changed.settings_version,
        shown_number=_name(shown_number(incident), incident),
        dispatch_id=_name(min(incident.identity.of_dispatch, default=""), incident),
        **shared,
    )


def notification_row(row: Notification, agency: Agency | None) -> NotificationRow:
    """Return what analysts see of a notification: not whose it is, nor what it said."""
    planned, zone = row.planned_for.astimezone(zone_of(agency)), zone_of(agency)
    return NotificationRow(
        id=row_name(row.key.id),
        dt=row.created_at.astimezone(UTC).date(),
        agency_id=row.key.agency_id,
        incident_number=_number(row.key.incident),
        incident_id=incident_name(row.key.incident),
        kind=row.key.kind,
        ordinal=row.key.ordinal,
        cost=row.cost,
        template_version=row.template,
        arm=row.variant if row.key.kind is Kind.SURVEY else "",
        planned_on=planned.date().isoformat(),
        planned_hour=planned.hour,
        sent_on=row.sent_at.astimezone(zone).date().isoformat() if row.sent_at else None,
        wait_seconds=_seconds(row.planned_for, row.sent_at),
        **{name: getattr(row, name) for name in _OF_NOTIFICATION},
    )


def update_row(heard: UpdateHeard, agency: Agency | None) -> UpdateRow:
    """Return what analysts see of a webhook: that it came, and how late."""
    local = heard.heard_at.astimezone(zone_of(agency))
    return UpdateRow(
        id=row_name(heard.key.agency_id, heard.key.incident_number, heard.heard_at.isoformat(), heard.source_id),
        version=1,
        dt=heard.heard_at.astimezone(UTC).date(),
        agency_id=heard.key.agency_id,
        incident_id=incident_name(heard.key),
        heard_at=heard.heard_at,
        as_of=heard.as_of,
        updates=heard.updates,
        heard_on=local.date().isoformat(),
        heard_hour=local.hour,
        lag_seconds=_seconds(heard.as_of, heard.heard_at),
    )


def _called_again(incident: Incident) -> list[datetime]:
    """Return when people on an incident called again about it while it was open: as duplicates that dispatch linked."""
    own = frozenset[str]().union(*(party.ever_at for party in incident.parties.values()))
    over = incident.facts.closed_at or incident.facts.cancelled_at
    return sorted(
        follower.stamp.as_of
        for follower in incident.same.values()
        if own & frozenset[str]().union(*(party.ever_at for party in follower.parties.values()))
        and (over is None or follower.stamp.as_of <= over)
    )


def _not_told(changed: IncidentVersion) -> dict[str, str]:
    reasons: dict[Kind, str] = {}
    for skipped in changed.skipped:
        reasons.setdefault(skipped.kind, skipped.reason.value)
    return {f"no_{kind.value}": reason for kind, reason in reasons.items()}


def _number(key: IncidentKey) -> str:
    """Return an incident's number; one that is written as a phone or an email is only named."""
    return incident_name(key) if is_address(key.incident_number) else key.incident_number


def _name(name: str, incident: Incident) -> str | None:
    """Return a name of an incident, or None where there is none; a phone or an email is only named."""
    return (incident_name(incident.key) if is_address(name) else name) or None


def _seconds(start: datetime | None, end: datetime | None) -> int | None:
    return round((end - start).total_seconds()) if start and end else None


def _forward(start: datetime | None, end: datetime | None) -> int | None:
    seconds = _seconds(start, end)
    return seconds if seconds is not None and seconds >= 0 else None
