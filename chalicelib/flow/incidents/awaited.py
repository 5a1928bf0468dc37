"""Look whether the incident that another names was heard of: until it is, nobody else speaks for that one's people."""

from chalicelib.domain.incidents.incident import Incident
from chalicelib.domain.names import IncidentKey
from chalicelib.domain.notifications.record import IncidentRecord
from chalicelib.ports.world import Ports


def knowing_its_leader(incident: Incident, ports: Ports) -> tuple[Incident, Incident]:
    """Return the incident, knowing whether the one that it names was heard of, and as it must be judged now.

    Both are the same, except where it waits: then it is judged beside the others that name the same one. A read only
    while it does not know.
    """
    if incident.awaited is None:
        return incident, incident
    named = _named(incident.awaited, incident, ports).incident
    judged = incident.beside(named)
    return (judged if named.as_of else incident), judged


def beside_its_leader(incident: Incident, ports: Ports) -> tuple[Incident, tuple[str, int] | None]:
    """Return the incident as it must be judged now, and the number and version of what it was read beside; as above.

    Others that name the same one write into its record, so a claim asks whether that is still of the same version.
    """
    if incident.awaited is None:
        return incident, None
    named = _named(incident.awaited, incident, ports)
    return incident.beside(named.incident), (incident.awaited, named.version)


def _named(number: str, incident: Incident, ports: Ports) -> IncidentRecord:
    return ports.incidents.load(IncidentKey(incident.agency_id, number))
