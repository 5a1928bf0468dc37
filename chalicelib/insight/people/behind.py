"""The person behind a keyed hash: their address stands on their calls and nowhere else."""

from chalicelib.domain.names import IncidentKey
from chalicelib.domain.people.consent import Reference
from chalicelib.domain.settings.agency import Agency
from chalicelib.insight.records.subject import Person
from chalicelib.wiring import Aws

MOST_CALLS = 300
"""Calls of a person that a page goes through: erasing reads each some five times, and a page has 29 seconds."""

LOOKED_AT = 20
"""Calls that are read to find an address, the latest first: one that was erased there is on none."""


def person_behind(aws: Aws, agency: Agency, person: Reference) -> Person | None:
    """Return the person of a keyed hash; None where no call that is still kept knows them."""
    for one in aws.contacts.incidents_of(agency.agency_id, person, most=LOOKED_AT):
        record = aws.incidents.load(IncidentKey(agency.agency_id, one.incident_number))
        for address in record.incident.all_addresses:
            if aws.contacts.reference(address) == person:
                return Person(agency, address, person.keyed_hash)
    return None


def is_on_too_many_calls(aws: Aws, agency_id: str, person: Reference) -> bool:
    """Tell whether all of a person's calls are more than a page can go through; one Query."""
    return len(aws.contacts.incidents_of(agency_id, person, most=MOST_CALLS + 1)) > MOST_CALLS
