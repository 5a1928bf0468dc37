"""From which addresses a way must lead to an incident, so that a person's calls are found without a search. Pure."""

from datetime import datetime, timedelta

from chalicelib.domain.incidents.incident import Incident
from chalicelib.domain.incidents.leading import LONGER
from chalicelib.domain.notifications.record import IncidentRecord

_OFTEN = LONGER - timedelta(days=30)
"""So long after an incident began, each change of it writes all ways anew: they must not end before it does.

A way ends `LONGER` after the end that its incident had when the way was written, and each change puts that off.
"""


def met(record: IncidentRecord, incident: Incident, now: datetime) -> frozenset[str]:
    """Return the addresses that a changed incident met for the first time.

    All of them where a hold begins or ends, where a change comes late, and after an earlier release wrote the incident.
    """
    every = incident.all_addresses
    lost = not record.found
    held_or_freed = bool(record.incident.legal_holds) != bool(incident.legal_holds)
    late = record.created_at is not None and now - record.created_at > _OFTEN
    return every if lost or held_or_freed or late else every - record.incident.all_addresses
