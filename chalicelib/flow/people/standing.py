"""Find what decides about somebody who texted us: their choices, and the calls on which their phone was lately.

A conversation knows a keyed hash alone. The phone is found again on the calls, so it is stored nowhere else. It takes
three reads, and one a call.
"""

from collections.abc import Collection, Iterator
from datetime import UTC, datetime, timedelta

from msgspec import Struct

from chalicelib.domain.incidents.incident import Incident
from chalicelib.domain.names import IncidentKey
from chalicelib.domain.notifications.record import IncidentRecord
from chalicelib.domain.people.consent import Reference
from chalicelib.domain.people.talk import Standing
from chalicelib.domain.settings.agency import Agency
from chalicelib.ports.world import Ports

MOST_CALLS = 10
LATELY = timedelta(days=30)
_EVER = datetime(1970, 1, 1, tzinfo=UTC)


class Found(Struct, frozen=True, kw_only=True):
    """Somebody's standing with the records that it was read from, and the other addresses of the person.

    `language` is the one in which dispatch says that they are spoken to.
    """

    standing: Standing
    records: tuple[IncidentRecord, ...]
    elsewhere: frozenset[str]
    language: str = ""

    @property
    def decided_on(self) -> tuple[tuple[IncidentKey, int], ...]:
        """Return the calls with the versions that were read."""
        return tuple((record.incident.key, record.version) for record in self.records)


def standing_of(agency: Agency, keyed_hash: str, ports: Ports, now: datetime) -> Found:
    """Return how somebody stands now; Unreadable where one of their calls can't be read."""
    someone, agency_id = Reference(keyed_hash), agency.agency_id
    met = (one.incident_number for one in ports.contacts.incidents_of(agency_id, someone, now - LATELY))
    numbers = [*dict.fromkeys((*ports.contacts.calls(agency_id, someone), *met))]
    loaded = [ports.incidents.load(IncidentKey(agency_id, number)) for number in numbers[:MOST_CALLS]]
    records = sorted((one for one in loaded if one.version), key=_began, reverse=True)
    ours = _addresses(records, someone, ports)
    records = [one for one in records if not ours.isdisjoint(one.incident.all_addresses)]
    reached = [(party.addresses, party.language) for one in records for party in one.incident.everyone.values()]
    theirs = [(addresses, language) for addresses, language in reached if not ours.isdisjoint(addresses)]
    phone = next(iter(ours), "")
    elsewhere = frozenset().union(*(addresses for addresses, _ in theirs)) - ours
    contact = ports.contacts.load(agency_id, someone, agency.day(now))
    for address in sorted(elsewhere):
        contact = contact.also(ports.contacts.load(agency_id, address, agency.day(now)))
    calls = tuple(one.incident for one in records)
    standing = Standing(contact=contact, calls=calls, phone=phone if theirs else "", more=len(numbers) > MOST_CALLS)
    language = next((language for _, language in theirs if language), None) or ""
    return Found(standing=standing, records=tuple(records), elsewhere=elsewhere, language=language)


def latest_of(found: Found) -> Incident | None:
    """Return the call that a conversation is about: the latest one of the phone."""
    return found.standing.calls[0] if found.standing.calls else None


def _addresses(records: Collection[IncidentRecord], someone: Reference, ports: Ports) -> frozenset[str]:
    """Return the phone behind a keyed hash, as far as the calls have it."""
    every: Iterator[str] = (address for one in records for address in one.incident.all_addresses)
    return frozenset(address for address in dict.fromkeys(every) if ports.contacts.reference(address) == someone)


def _began(record: IncidentRecord) -> datetime:
    return record.incident.facts.received_at or record.created_at or _EVER
