"""A legal hold on an incident or a person: nothing of it expires until it is lifted.

The registry goes first, so that updates which arrive meanwhile are held too; then the items that are there already.
Doing it again does no harm, and catches items of functions that had not heard of it yet. A hold that is lifted leaves
the registry last: whoever is killed in between does it again, and no call stays held for ever.
"""

from contextlib import suppress
from datetime import datetime

from msgspec.structs import replace

from chalicelib.domain.incidents.holding import held, lifted
from chalicelib.domain.incidents.identity import names_of
from chalicelib.domain.incidents.incident import Incident
from chalicelib.domain.incidents.legal_hold import ITSELF, LegalHold, in_force, of_incident
from chalicelib.domain.names import IncidentKey
from chalicelib.domain.notifications.record import IncidentRecord
from chalicelib.domain.surveys.follow_up import Desk, FollowUp
from chalicelib.domain.surveys.survey import Survey
from chalicelib.flow.conflicts import again_on_conflict
from chalicelib.flow.incidents.decide import decide_anew
from chalicelib.insight.records.subject import Person, incidents_of, surveys_of
from chalicelib.wiring import Aws

MOST_TRIES = 40


class NotHeld(LookupError):
    """There is no hold to lift."""


def hold_incident(aws: Aws, key: IncidentKey, hold: LegalHold | None, now: datetime, name: str = ITSELF) -> None:
    """Put an incident under a hold, or lift it; NotHeld, Busy."""
    entry = of_incident(key.incident_number)
    if hold:
        aws.settings.hold(key.agency_id, entry, hold)
    elif name == ITSELF:
        _refuse_unheld(aws, key)
    _decide(key, hold, name, aws, now)
    record, agency = aws.incidents.load(key), aws.settings.agency(key.agency_id)
    if agency is None:
        raise LookupError(key.agency_id)
    stays = bool(record.incident.legal_holds)
    aws.records.keep_rest(key, None if stays else now + agency.retention.history)
    names, rejected_until = names_of(record.incident), None if stays else now + agency.retention.rejected
    aws.records.keep_rejected(key.agency_id, names, rejected_until)
    until = None if stays else now + agency.retention.surveys
    for survey in surveys_of(aws, list(record.rows.values())):
        _keep(survey, until, aws)
    for one in (one for desk in Desk for one in aws.follow_ups.of(key.agency_id, desk)):
        if one.incident_number in names:
            _expire(one, until, aws)
    for merged in record.incident.identity.merged:
        _hold_merged(aws, IncidentKey(key.agency_id, merged), hold, now, name)
    if not stays:
        aws.settings.hold(key.agency_id, entry, None)


def _refuse_unheld(aws: Aws, key: IncidentKey) -> None:
    """Refuse to lift an incident's own hold where there is none, and none that was lifted in part; NotHeld."""
    holds = aws.incidents.load(key).incident.legal_holds
    begun = not holds and of_incident(key.incident_number) in aws.settings.holds(key.agency_id)
    if ITSELF not in holds and not begun:
        raise NotHeld(f"nothing holds {key.incident_number} under that name")


def _hold_merged(aws: Aws, key: IncidentKey, hold: LegalHold | None, now: datetime, name: str) -> None:
    """Hold what was stored of an incident before it was proven to be the same as another, or lift that."""
    with suppress(NotHeld):
        hold_incident(aws, key, hold, now, name)


def hold_person(aws: Aws, person: Person, hold: LegalHold | None, now: datetime) -> int:
    """Put a person under a hold with all their incidents, or lift it; return how many. NotHeld, Busy.

    Where somebody puts it on again while it is lifted, theirs holds all in the end.
    """
    agency_id = person.agency.agency_id
    if hold is None:
        begin_to_lift(aws, agency_id, person.keyed_hash, now)
    else:
        aws.settings.hold(agency_id, person.keyed_hash, hold)
    _keep_said(aws, person, now, held=hold is not None)
    found = incidents_of(aws, person)
    for record in found:
        hold_incident(aws, record.incident.key, hold, now, person.keyed_hash)
    again = end_lifting(aws, agency_id, person.keyed_hash) if hold is None else None
    return hold_person(aws, person, again, now) if again else len(found)


def _keep_said(aws: Aws, person: Person, now: datetime, *, held: bool) -> None:
    """Let a person's texts, and alerts about those, never expire, or as usual."""
    agency, retention = person.agency, person.agency.retention
    aws.records.keep_replies(agency.agency_id, person.keyed_hash, None if held else now + retention.history)
    for one in aws.follow_ups.of(agency.agency_id, Desk.ALERTS):
        if one.writer == person.keyed_hash:
            _expire(one, None if held else now + retention.surveys, aws)


def begin_to_lift(aws: Aws, agency_id: str, name: str, now: datetime) -> None:
    """Let a hold hold nothing new; one that somebody began to lift is lifted on. NotHeld, Conflict."""
    known = aws.settings.holds(agency_id).get(name)
    if known is None:
        raise NotHeld("nothing holds this person's records")
    if known.lifted_at is None:
        aws.settings.hold(agency_id, name, replace(known, lifted_at=now))


def end_lifting(aws: Aws, agency_id: str, name: str) -> LegalHold | None:
    """Take a hold that was lifted off the registry; return that which somebody has put on meanwhile. Conflict."""
    known = aws.settings.holds(agency_id).get(name)
    if known is None or known.lifted_at is None:
        return known
    aws.settings.hold(agency_id, name, None)
    return None


def hold_person_partly(aws: Aws, person: Person, hold: LegalHold, now: datetime, most: int) -> tuple[int, int]:
    """Put a person under a hold, and so many of their incidents; return how many are held, and how many are left.

    The registry goes first, so nothing new of theirs expires from then on. Doing it again goes on. Busy.
    """
    agency_id = person.agency.agency_id
    if person.keyed_hash not in in_force(aws.settings.holds(agency_id)):
        aws.settings.hold(agency_id, person.keyed_hash, hold)
    _keep_said(aws, person, now, held=True)
    found = incidents_of(aws, person)
    free = [record for record in found if person.keyed_hash not in record.incident.legal_holds]
    for record in free[:most]:
        hold_incident(aws, record.incident.key, hold, now, person.keyed_hash)
    return len(found) - len(free[most:]), len(free[most:])


@again_on_conflict(MOST_TRIES)
def _decide(key: IncidentKey, hold: LegalHold | None, name: str, ports: Aws, now: datetime) -> None:
    record, agency = ports.incidents.load(key), ports.settings.agency(key.agency_id)
    if agency is None:
        raise LookupError(key.agency_id)
    changed = _changed(record, hold, name)
    if changed != record.incident:
        decide_anew(record, changed, agency.at(changed.facts.beat), ports, now)


@again_on_conflict(MOST_TRIES)
def _keep(survey: Survey, until: datetime | None, ports: Aws) -> None:
    ports.surveys.keep(survey.token_hash, until)


@again_on_conflict(MOST_TRIES)
def _expire(one: FollowUp, until: datetime | None, ports: Aws) -> None:
    ports.follow_ups.expire(one, until)


def _changed(record: IncidentRecord, hold: LegalHold | None, name: str) -> Incident:
    return held(record.incident, name, hold) if hold else lifted(record.incident, name)
