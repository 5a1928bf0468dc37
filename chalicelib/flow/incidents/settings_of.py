"""Read the settings by which an incident is judged: never older ones than those that judged it last."""

from chalicelib.domain.notifications.record import IncidentRecord
from chalicelib.domain.settings.agency import Agency
from chalicelib.ports.world import Ports


def settings_of(record: IncidentRecord, ports: Ports) -> Agency | None:
    """Return an incident's agency, or None where it has no settings.

    What is remembered may be a minute old. Older settings would take back what newer ones planned.
    """
    return ports.settings.agency(record.incident.key.agency_id, record.settings_version)
