"""Find the person behind words of danger: their phone, and its latest calls. Read only where words speak of danger."""

from chalicelib.domain.names import IncidentKey
from chalicelib.domain.surveys.alert import Lead, latest_calls, phone_of
from chalicelib.domain.surveys.survey import Survey
from chalicelib.ports.world import Ports

MOST_READ = 10
"""Incidents that are read to find the latest ones."""


def lead_of_survey(survey: Survey, phone: str, ports: Ports) -> Lead:
    """Return the lead of a survey; without a phone that texted, that of its notification. An anonymous one has none."""
    key = survey.notification
    if key is None:
        return Lead()
    phone = phone or phone_of(ports.incidents.load(key.incident), key.recipient)
    return lead_of_phone(survey.agency_id, phone, key.incident_number, ports)


def lead_of_phone(agency_id: str, phone: str, first: str, ports: Ports) -> Lead:
    """Return the latest calls of a phone, that of a known number before all."""
    known = ports.contacts.calls(agency_id, phone) if phone else ()
    numbers = tuple(dict.fromkeys(filter(None, (first, *known))))[:MOST_READ]
    records = [ports.incidents.load(IncidentKey(agency_id, number)) for number in numbers]
    return Lead(phone, latest_calls(records, first))
