"""Look whether the incident that another names was heard of: until it is, nobody else speaks for that one's people."""

from chalicelib.domain.incidents.incident import Incident
from chalicelib.domain.names import IncidentKey
from chalicelib.ports.world import Ports


def beside_its_leader(incident: Incident, ports: Ports) -> tuple[Incident, tuple[str, int] | None]:
    """Return the incident as it must be judged now, and the number and version of what it was read beside.

    A read only while it does not know whether the one that it names was heard of. Others that name the same one write
    into that one's record, so a claim asks whether it is still of the same version.
    """
    if incident.awaited is None:
        return incident, None
    named = ports.incidents.load(IncidentKey(incident.agency_id, incident.awaited))
    return incident.beside(named.incident), (incident.awaited, named.version)
