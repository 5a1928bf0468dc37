"""Silence an incident's people, because a person of the agency says so: a brake, which one person may pull."""

from datetime import datetime

from msgspec.structs import replace

from chalicelib.domain.names import IncidentKey
from chalicelib.flow.conflicts import again_on_conflict
from chalicelib.flow.incidents.decide import decide_anew
from chalicelib.flow.incidents.settings_of import settings_of
from chalicelib.ports.world import Ports


@again_on_conflict()
def silence_people(key: IncidentKey, ports: Ports, now: datetime) -> int:
    """Let nobody on an incident hear from us for as long as the settings silence people; return how many addresses.

    It is the silence that a sensitive word begins: a release by two people ends it. LookupError where there is no such
    incident, Busy.
    """
    record = ports.incidents.load(key)
    agency = settings_of(record, ports)
    if not record.version or agency is None:
        raise LookupError(f"{key.agency_id} has no incident {key.incident_number}")
    decide_anew(record, replace(record.incident, silences=True), agency, ports, now)
    return len(record.incident.all_addresses)
