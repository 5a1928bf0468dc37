"""Records on request: held, shown or erased, and each time written down with who asked and why.

Commands and pages call these functions alone, so that nothing leaves the house without a note.
"""

from datetime import datetime

from msgspec import Struct

from chalicelib.domain.incidents.legal_hold import OF_INCIDENT, LegalHold
from chalicelib.domain.ledger.what import What
from chalicelib.domain.names import IncidentKey
from chalicelib.domain.settings.agency import Agency
from chalicelib.flow.ledger.act import noted_first
from chalicelib.insight.records.export import PublicRecord, public_record
from chalicelib.insight.records.hold import hold_incident, hold_person
from chalicelib.insight.records.person import Told, erase_person, export_person
from chalicelib.insight.records.request import Request, entry, note, note_in_full
from chalicelib.insight.records.subject import Person, Unclear, find_incident
from chalicelib.wiring import Aws


class Held(Struct, frozen=True):
    """A legal hold that stands: `what` is an incident's number, or a person by the beginning of their hash."""

    what: str
    hold: LegalHold


def hold(aws: Aws, agency: Agency, target: IncidentKey | Person, request: Request) -> int:
    """Put an incident or a person under a legal hold; return on how many incidents it is. Busy."""
    wanted = LegalHold(author=request.author, reason=request.reason, at=request.at)
    return _set(aws, agency, target, wanted, request)


def lift(aws: Aws, agency: Agency, target: IncidentKey | Person, request: Request) -> int:
    """Lift a legal hold; return on how many incidents it was. NotHeld, Busy."""
    return _set(aws, agency, target, None, request)


def holds(aws: Aws, agency_id: str) -> tuple[Held, ...]:
    """Return the legal holds that stand, in the order of their names."""
    return tuple(
        Held(name.removeprefix(OF_INCIDENT) if name.startswith(OF_INCIDENT) else f"person {name[:12]}", one)
        for name, one in sorted(aws.settings.holds(agency_id).items())
    )


def export_incident(aws: Aws, agency: Agency, number: str, request: Request) -> PublicRecord:
    """Return an incident's record as it may leave the house; Unclear where there is no such incident."""
    key = find_incident(aws, agency, number)
    if key is None:
        raise Unclear(f"{agency.agency_id} has no incident {number!r}")
    record = public_record(aws, key, agency, request)
    note(aws, agency.agency_id, request, What.EXPORTED, number)
    return record


def export(aws: Aws, person: Person, request: Request) -> Told:
    """Return all that is kept of a person, for them to see."""
    told = export_person(aws, person)
    note(aws, person.agency.agency_id, request, What.EXPORTED, person.about)
    return told


def erase(aws: Aws, person: Person, request: Request) -> dict[str, int]:
    """Erase a person's address, replies and answers, and return how much; UnderHold, TooSoon, Busy."""
    note(aws, person.agency.agency_id, request, What.ERASED, person.about)
    return erase_person(aws, person, request.at)


def about(target: IncidentKey | Person) -> str:
    """Return what notes call an incident or a person."""
    return target.about if isinstance(target, Person) else target.incident_number


def _set(aws: Aws, agency: Agency, target: IncidentKey | Person, wanted: LegalHold | None, request: Request) -> int:
    what, named = What.HELD if wanted else What.LIFTED, about(target)
    made = entry(agency.agency_id, request, what, named)
    count = noted_first(lambda: made, lambda: _do(aws, target, wanted, request.at), aws.ledger.note)
    note_in_full(aws, agency.agency_id, request, what, named)
    return count


def _do(aws: Aws, target: IncidentKey | Person, wanted: LegalHold | None, at: datetime) -> int:
    if isinstance(target, Person):
        return hold_person(aws, target, wanted, at)
    hold_incident(aws, target, wanted, at)
    return 1
