"""Compute when each kind of notification is due, were there somebody to tell: DESIGN's table, row by row.

Each function returns the instants at which its kind is due, or the one reason why it is not.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from chalicelib.domain.incidents.facts import Facts
from chalicelib.domain.incidents.incident import Incident
from chalicelib.domain.names import Kind
from chalicelib.domain.notifications.reasons import Reason
from chalicelib.domain.settings.agency import Agency
from chalicelib.domain.settings.incident_types import Rule
from chalicelib.domain.settings.survey import OutcomeClass

SHORT_LIFE = timedelta(minutes=15)
DELAY_LIFE = timedelta(minutes=30)
OUTCOME_LIFE = timedelta(hours=4)
CASE_NUMBER_LIFE = timedelta(days=14)
LONGEST_OPEN = timedelta(days=1)
"""The longest time for which a call without a closing time is taken to have been open."""

OUTCOME_PRECEDENCE: tuple[OutcomeClass, ...] = ("report_taken", "handled", "lookout", "unable_to_locate", "cancelled")
"""Classes of outcomes; of several dispositions, the first of these says most to the caller."""


class Due(Struct, frozen=True):
    """The time at which a notification is due and expires, and the words that it takes.

    `missed` tells why it can never be sent: it was stale when it became known, or its hours begin too late.
    """

    send_at: datetime
    expires_at: datetime
    variant: str = ""
    missed: Reason | None = None


Timing = tuple[Due, ...] | Reason


def timing(kind: Kind, incident: Incident, agency: Agency, rule: Rule) -> Timing:
    """Return when the kind is due, after any wait for another incident and in the hours in which it may be sent."""
    due = _DUE[kind](incident, agency, rule)
    if isinstance(due, Reason):
        return due
    return tuple(_within_hours(_waited(item, incident), kind, agency) for item in due)


def _waited(item: Due, incident: Incident) -> Due:
    """Return a notification that waits for the incident which this one names, if nobody has told of that one yet."""
    until = incident.waits_until
    return replace(item, send_at=max(item.send_at, until)) if until else item


def _within_hours(item: Due, kind: Kind, agency: Agency) -> Due:
    if item.send_at >= item.expires_at:
        return replace(item, missed=Reason.EXPIRED)
    opens = agency.window(kind).opens(item.send_at, agency.zone)
    return replace(item, send_at=opens, missed=Reason.QUIET_HOURS if opens >= item.expires_at else None)


def outcome_class(facts: Facts, agency: Agency) -> OutcomeClass | None:
    """Return the agency's class for how the incident ended, or None where no disposition is mapped."""
    classes = {agency.dispositions.get(code) for code in facts.dispositions or ()}
    return next((outcome for outcome in OUTCOME_PRECEDENCE if outcome in classes), None)


def ended(facts: Facts) -> Reason | None:
    """Return whether the incident was cancelled or closed, or None while it is open."""
    if facts.cancelled_at:
        return Reason.CANCELLED
    return Reason.CLOSED if facts.closed_at else None


def _acknowledgment(incident: Incident, agency: Agency, rule: Rule) -> Timing:
    facts = incident.facts
    if facts.received_at is None:
        return Reason.NOT_YET
    over = _over(facts)
    if over:
        return over
    return (Due(facts.received_at + rule.acknowledgment.hold, facts.received_at + SHORT_LIFE),)


def _dispatched(incident: Incident, agency: Agency, rule: Rule) -> Timing:
    facts = incident.facts
    moves = [at for at in (facts.dispatched_at, facts.enroute_at) if at]
    if not moves:
        return Reason.NOT_YET
    over = _over(facts)
    if over:
        return over
    if facts.diverted_at and facts.diverted_at >= max(moves):
        return Reason.DIVERTED
    return (Due(min(moves), min(moves) + SHORT_LIFE),)


def _delay(incident: Incident, agency: Agency, rule: Rule) -> Timing:
    facts = incident.facts
    over = _over(facts)
    if over:
        return over
    if facts.scheduled_for:
        return Reason.SCHEDULED
    if facts.response_mode not in (None, "in_person"):
        return Reason.NOT_IN_PERSON
    anchor: datetime | None = getattr(facts, rule.delay.anchor)
    if facts.received_at is None or anchor is None:
        return Reason.NOT_YET
    return tuple(Due(anchor + after, anchor + after + DELAY_LIFE) for after in rule.delay.after)


def _outcome(incident: Incident, agency: Agency, rule: Rule) -> Timing:
    facts = incident.facts
    if not facts.dispositions:
        return Reason.NOT_YET
    outcome = outcome_class(facts, agency)
    if outcome is None:
        return Reason.UNMAPPED_DISPOSITION
    known_at = incident.told_since("dispositions")
    closed_at = facts.closed_at or facts.cancelled_at or _closed_by_now(facts, known_at)
    return (Due(known_at, closed_at + OUTCOME_LIFE, outcome),)


def _case_number(incident: Incident, agency: Agency, rule: Rule) -> Timing:
    facts = incident.facts
    if not facts.case_numbers:
        return Reason.NOT_YET
    known_at = incident.told_since("case_numbers")
    # Counted from the incident: a records system that sends its whole archive must text nobody.
    return (Due(known_at, (facts.closed_at or facts.received_at or known_at) + CASE_NUMBER_LIFE),)


def _survey(incident: Incident, agency: Agency, rule: Rule) -> Timing:
    facts = incident.facts
    if facts.closed_at is None:
        return Reason.NOT_YET
    if facts.cancelled_at:
        return Reason.CANCELLED
    if facts.arrived_at is None and not agency.survey.without_arrival:
        return Reason.NO_ARRIVAL
    if outcome_class(facts, agency) not in agency.survey.outcomes:
        return Reason.OUTCOME_NOT_SURVEYED
    asked_at = facts.closed_at + agency.survey.after
    return (Due(asked_at, asked_at + agency.survey.window),)


def _closed_by_now(facts: Facts, known_at: datetime) -> datetime:
    """Return the assumed closing time of an incident that has none, so that old calls from an archive expire."""
    return min(known_at, facts.received_at + LONGEST_OPEN) if facts.received_at else known_at


def _over(facts: Facts) -> Reason | None:
    """Return why callers no longer wait: officers came, or the incident ended."""
    return Reason.ARRIVED if facts.arrived_at else ended(facts)


_DUE: dict[Kind, Callable[[Incident, Agency, Rule], Timing]] = {
    Kind.ACKNOWLEDGMENT: _acknowledgment,
    Kind.DISPATCHED: _dispatched,
    Kind.DELAY: _delay,
    Kind.OUTCOME: _outcome,
    Kind.CASE_NUMBER: _case_number,
    Kind.SURVEY: _survey,
}
