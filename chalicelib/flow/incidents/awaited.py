"""Look whether the incident that another names was heard of: until it is, nobody else speaks for that one's people."""

from chalicelib.domain.incidents.incident import Incident
from chalicelib.domain.names import IncidentKey
from chalicelib.ports.world import Ports


def knowing_its_leader(incident: Incident, ports: Ports) -> Incident:
    """Return the incident, knowing whether the one that it names was heard of; a read only while it does not know."""
    if incident.awaited is None:
        return incident
    named = _named(incident.awaited, incident, ports)
    return incident.beside(named) if named.as_of else incident


def beside_its_leader(incident: Incident, ports: Ports) -> Incident:
    """Return the incident as it must be judged now, with all that is known of its family; a read as above."""
    return incident.beside(_named(incident.awaited, incident, ports)) if incident.awaited else incident


def _named(number: str, incident: Incident, ports: Ports) -> Incident:
    return ports.incidents.load(IncidentKey(incident.agency_id, number)).incident
