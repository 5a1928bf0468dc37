"""Plan which notifications an incident should have, and why it has no others. Pure: no contacts, no clock.

The plan counts from the time of the fact, not of hearing it. An acknowledgment is due when the call was received, an
outcome when it became known. A fact that reaches us too late gives a notification that has already expired.
"""

from collections.abc import Iterator
from datetime import datetime, time
from typing import NamedTuple

from msgspec import Struct

from chalicelib.domain.incidents.incident import Incident
from chalicelib.domain.incidents.resolve import waits_for_id
from chalicelib.domain.incidents.update import Latch
from chalicelib.domain.names import Kind, NotificationKey
from chalicelib.domain.notifications import judged, safety
from chalicelib.domain.notifications.notification import Channel
from chalicelib.domain.notifications.reasons import Reason
from chalicelib.domain.notifications.recipients import Recipient, Unreachable, recipients
from chalicelib.domain.notifications.timing import Due, ended, timing
from chalicelib.domain.settings.agency import Agency
from chalicelib.domain.settings.experiment import Arm, arm
from chalicelib.domain.settings.hours import Window
from chalicelib.domain.settings.incident_types import Rule

WHILE_OPEN = frozenset({Kind.ACKNOWLEDGMENT, Kind.DISPATCHED, Kind.DELAY})


class Planned(Struct, frozen=True, kw_only=True):
    """One notification that the incident should have."""

    key: NotificationKey
    channel: Channel
    address: str
    addresses: frozenset[str]
    variant: str
    send_at: datetime
    expires_at: datetime


class Skipped(Struct, frozen=True, omit_defaults=True):
    """A notification that the incident does not get, and why; without a recipient the reason is the incident."""

    kind: Kind
    reason: Reason
    recipient: str = ""
    ordinal: int = 0
    detail: str = ""


Decision = Planned | Skipped


def plan(incident: Incident, agency: Agency) -> tuple[Decision, ...]:
    """Return a decision for each kind and recipient: planned with its times, or skipped with the reason."""
    agency = agency.at(incident.facts.beat)
    rule = agency.rule(incident.facts)
    bar = incident_bar(incident, agency)
    if bar or rule is None:
        reason, detail = bar or (Reason.TYPE_NOT_ALLOWED, "")
        return tuple(Skipped(kind, reason, detail=detail) for kind in Kind)
    everyone, nature = recipients(incident, agency), _nature(incident, agency)
    return tuple(decision for kind in Kind for decision in _decide(kind, incident, agency, rule, everyone, nature))


def incident_bar(incident: Incident, agency: Agency) -> tuple[Reason, str] | None:
    """Return why nothing at all may be sent about the incident, with the word that says so, or None."""
    if incident.overfull:
        return Reason.TOO_MUCH_TO_JUDGE, ""
    sensitive = safety.sensitive_because(incident, agency)
    if sensitive:
        return Reason.SENSITIVE, sensitive
    never = safety.never(incident, agency)
    if never:
        return Reason.TYPE_NEVER, never
    facts = incident.facts
    waits = waits_for_id(incident, agency.identity)
    bars = (
        (incident.holds(Latch.JUVENILE), Reason.JUVENILE),
        (incident.holds(Latch.DO_NOT_CONTACT), Reason.DO_NOT_CONTACT),
        (bool(facts.exercise), Reason.EXERCISE),
        (facts.origin == "officer_initiated", Reason.OFFICER_INITIATED),
        (incident.same_as is not None, Reason.DUPLICATE),
        (waits, Reason.WAITS_FOR_ID),
        (facts.transferred_to is not None, Reason.TRANSFERRED),
        (facts.incident_type is None, Reason.TYPE_UNKNOWN),
        (agency.type_of(facts.incident_type) is None, Reason.TYPE_NOT_ALLOWED),
    )
    bar = next((reason for holds, reason in bars if holds), None)
    if bar:
        return bar, ""
    unjudged = judged.not_judged(incident, agency)
    return (Reason.NOT_JUDGED, unjudged) if unjudged else None


def _decide(
    kind: Kind,
    incident: Incident,
    agency: Agency,
    rule: Rule,
    everyone: tuple[Recipient | Unreachable, ...],
    nature: "_Nature",
) -> Iterator[Decision]:
    bar = _kind_bar(kind, incident, rule, nature)
    if bar or not everyone:
        yield Skipped(kind, bar or Reason.NO_RECIPIENT)
        return
    due = timing(kind, incident, agency, rule)
    victims_only = kind is Kind.CASE_NUMBER and rule.type.case_number_to == "victim"
    for someone in _each_address_once(everyone, kind, victims_only):
        if isinstance(someone, Unreachable):
            yield Skipped(kind, someone.reason, someone.party_id, detail=someone.detail)
        elif isinstance(due, Reason):
            yield Skipped(kind, due, someone.party_id)
        else:
            yield from _plan_for(someone, kind, due, incident, agency)


class _Nature(NamedTuple):
    """What the incident is about, as far as it bars some kinds."""

    welfare: bool
    guarded: bool


def _nature(incident: Incident, agency: Agency) -> _Nature:
    return _Nature(safety.welfare(incident, agency), safety.guarded(incident, agency))


def _kind_bar(kind: Kind, incident: Incident, rule: Rule, nature: _Nature) -> Reason | None:
    """Return why no recipient gets this kind, whenever it is due, or None."""
    if kind not in rule.notify:
        return Reason.NOT_FOR_TYPE
    if kind not in WHILE_OPEN and nature.welfare:
        return Reason.WELFARE
    too_early = kind in WHILE_OPEN or not ended(incident.facts)
    if too_early and nature.guarded:
        return Reason.AFTER_CLOSE_ONLY
    return None


def _each_address_once(
    everyone: tuple[Recipient | Unreachable, ...], kind: Kind, victims_only: bool
) -> Iterator[Recipient | Unreachable]:
    told = {address for one in everyone if kind in one.told for address in one.told_at}
    for someone in everyone:
        if isinstance(someone, Unreachable):
            yield someone
        elif victims_only and not someone.victim:
            yield Unreachable(someone.party_id, Reason.NOT_A_VICTIM)
        elif kind in someone.told:
            yield Unreachable(someone.party_id, Reason.ALREADY_TOLD)
        elif told & someone.addresses:
            yield Unreachable(someone.party_id, Reason.SAME_ADDRESS)
        else:
            told |= someone.addresses
            yield someone


def _plan_for(
    someone: Recipient, kind: Kind, due: tuple[Due, ...], incident: Incident, agency: Agency
) -> Iterator[Decision]:
    for ordinal, item in enumerate(due):
        if item.missed:
            yield Skipped(kind, item.missed, someone.party_id, ordinal)
            continue
        key = NotificationKey(incident.agency_id, incident.incident_number, kind, someone.party_id, ordinal)
        drawn = arm(agency.survey.experiment, key) if kind is Kind.SURVEY else Arm()
        yield Planned(
            key=key,
            channel=someone.channel,
            address=someone.address,
            addresses=someone.addresses,
            variant=drawn.name or item.variant,
            send_at=_at_hour(drawn.hour, item, agency),
            expires_at=item.expires_at,
        )


def _at_hour(hour: int | None, due: Due, agency: Agency) -> datetime:
    """Return when to send at an experiment's hour, in the agency's own time.

    Without such an hour, or where the message would expire before it, the usual time stays.
    """
    if hour is None:
        return due.send_at
    at = Window(start=time(hour), end=time((hour + 1) % 24)).opens(due.send_at, agency.zone)
    return at if at < due.expires_at else due.send_at
