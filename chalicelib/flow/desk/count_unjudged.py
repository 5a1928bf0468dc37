"""Count the values that nobody has judged, from the stream of what changed: no webhook waits for it.

A value takes one write for each batch in which it is new at a call. Where all is judged, it costs nothing.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from chalicelib.domain.desk.unjudged import by_value, can_be_listed
from chalicelib.domain.incidents.identity import shown_number
from chalicelib.domain.incidents.update import Evidence
from chalicelib.domain.lake.rows import Changed
from chalicelib.domain.lake.tables import IncidentVersion
from chalicelib.ports.judging import Judging


def count_unjudged(changes: Iterable[Changed], batch: str, judging: Judging, now: datetime) -> None:
    """Count the values that came with a batch of changes; the same batch, handed out again, counts once."""
    found: defaultdict[str, list[tuple[Evidence, str]]] = defaultdict(list)
    for changed in changes:
        if isinstance(changed, IncidentVersion):
            incident = changed.incident
            number = shown_number(incident) or incident.incident_number
            found[incident.agency_id] += [(item, number) for item in changed.unjudged if can_be_listed(item)]
    for agency_id, said in found.items():
        judging.came(agency_id, by_value(said), batch, now)
