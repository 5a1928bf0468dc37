"""Two incidents that one update names are the same: the younger tells nothing more, and the older knows all of it.

The younger stands back first. If something fails in between, nobody is told twice, and the next update that names it
goes on here.
"""

from datetime import datetime

from msgspec.structs import replace

from chalicelib.domain.incidents.incident import Incident
from chalicelib.domain.names import IncidentKey
from chalicelib.domain.notifications.record import IncidentRecord
from chalicelib.domain.settings.agency import Agency
from chalicelib.flow.conflicts import again_on_conflict
from chalicelib.flow.incidents.decide import decide_anew
from chalicelib.flow.incidents.duplicates import kinds_of, told_by
from chalicelib.ports.world import Ports


def prove_one(one: str, other: str, agency: Agency, ports: Ports, now: datetime) -> int:
    """Make the younger of two incidents a duplicate of the older, for good; return how many hints were lost. Busy."""
    records = [ports.incidents.load(IncidentKey(agency.agency_id, key)) for key in (one, other)]
    older, younger = (record.incident.incident_number for record in sorted(records, key=_age))
    return _stand_back_for_good(younger, older, agency, ports, now) + absorb(older, younger, agency, ports, now)


@again_on_conflict()
def absorb(older: str, younger: str, agency: Agency, ports: Ports, now: datetime) -> int:
    """Let an incident know all that one knows which was proven to be the same; return how many hints were lost."""
    record = ports.incidents.load(IncidentKey(agency.agency_id, older))
    incident = _absorbed(record.incident, ports.incidents.load(IncidentKey(agency.agency_id, younger)), now)
    return 0 if incident == record.incident else decide_anew(record, incident, agency, ports, now)


@again_on_conflict()
def _stand_back_for_good(younger: str, older: str, agency: Agency, ports: Ports, now: datetime) -> int:
    record = ports.incidents.load(IncidentKey(agency.agency_id, younger))
    known, holds = record.incident, ports.incidents.load(IncidentKey(agency.agency_id, older)).incident.legal_holds
    if known.identity.same_as:
        return 0
    identity = replace(known.identity, same_as=older)
    incident = replace(
        known,
        identity=identity,
        leaders=known.leaders | {older},
        heard_of=known.heard_of | {older},
        legal_holds={**holds, **known.legal_holds},
    )
    return decide_anew(record, incident, agency, ports, now)


def _absorbed(older: Incident, younger: IncidentRecord, now: datetime) -> Incident:
    told, key = told_by(younger), older.incident_number
    followers = {
        name: each.also_told(kinds_of(each.parties, told, followed_from=name))
        for name, each in younger.incident.followers.items()
        if name != key
    }
    return older.absorb(younger.incident, followers, kinds_of(younger.incident.parties, told), now)


def _age(record: IncidentRecord) -> tuple[bool, bool, datetime | None, str]:
    """Order incidents, the older first; one that only others spoke of is the younger."""
    return (
        record.incident.as_of is None,
        record.created_at is None,
        record.created_at,
        record.incident.incident_number,
    )
