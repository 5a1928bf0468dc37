"""Hold each call that an update may mean, where its number alone does not say which."""

from collections.abc import Sequence
from datetime import datetime

from chalicelib.domain.incidents.unclear import holding
from chalicelib.domain.incidents.update import Update
from chalicelib.domain.names import IncidentKey
from chalicelib.domain.settings.agency import Agency
from chalicelib.flow.conflicts import again_on_conflict
from chalicelib.flow.incidents.decide import decide_anew
from chalicelib.flow.incidents.duplicates import pass_on
from chalicelib.ports.world import Ports

MOST_TRIES = 40


def hold_each(
    keys: Sequence[str], updates: Sequence[Update], source_id: str, agency: Agency, ports: Ports, now: datetime
) -> int:
    """Hold the calls that unclear updates may mean; return how many hints were lost. Busy.

    It comes before the updates themselves are stored, so that a webhook that is sent again after an error holds, too.
    """
    forbidden = [each for each in map(holding, updates) if each]
    return sum(_hold(key, forbidden, source_id, agency, ports, now) for key in keys) if forbidden else 0


@again_on_conflict(MOST_TRIES)
def _hold(key: str, forbidden: Sequence[Update], source_id: str, agency: Agency, ports: Ports, now: datetime) -> int:
    record = ports.incidents.load(IncidentKey(agency.agency_id, key))
    incident = record.incident
    for update in forbidden:
        incident = incident.merge(update)
    lost = 0
    if incident != record.incident:
        lost = decide_anew(record, incident, agency, ports, now, tuple(forbidden), source_id)
    return lost + pass_on(key, sorted(incident.leaders), agency, ports, now)
