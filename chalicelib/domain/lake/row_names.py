"""Names of the lake's rows, and the time zone of their days."""

import hashlib
from datetime import UTC, tzinfo

from chalicelib.domain.names import IncidentKey
from chalicelib.domain.settings.agency import Agency


def row_name(*parts: str) -> str:
    """Return an id that says nothing of its parts and is the same each time."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:24]


def incident_name(key: IncidentKey) -> str:
    """Return an incident's id in the lake."""
    return row_name(key.agency_id, key.incident_number)


def zone_of(agency: Agency | None) -> tzinfo:
    """Return the agency's own time, or UTC where its settings are not to be had."""
    return agency.zone if agency else UTC
