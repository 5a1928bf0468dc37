"""A human lets go what the rules hold back, with a name and a reason that stay in the incident's story."""

from datetime import datetime
from functools import partial

from chalicelib.domain.identity import IncidentKey
from chalicelib.domain.release import Release
from chalicelib.flow.decide import decide_anew
from chalicelib.flow.retry import until_settled
from chalicelib.ports import Ports


def release_hold(key: IncidentKey, release: Release, ports: Ports, now: datetime) -> None:
    """Store the release and decide anew; LookupError where there is no such incident, Busy."""
    until_settled(partial(_release, key, release, ports, now), ports)


def _release(key: IncidentKey, release: Release, ports: Ports, now: datetime) -> None:
    record, agency = ports.incidents.load(key), ports.settings.agency(key.agency_id)
    if not record.version or agency is None:
        raise LookupError(f"{key.agency_id} has no incident {key.incident_number}")
    decide_anew(record, record.incident.release(release), agency, ports, now)
