"""Incidents in memory, with the index of what is due."""

from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from msgspec.structs import replace

from chalicelib.domain.desk.attention import CALM, Attention
from chalicelib.domain.incidents.incident import Incident
from chalicelib.domain.incidents.leading import LONGER, Name
from chalicelib.domain.incidents.places import is_id
from chalicelib.domain.names import IncidentKey, NotificationKey
from chalicelib.domain.notifications.notification import Notification
from chalicelib.domain.notifications.record import Claim, IncidentChange, IncidentRecord
from chalicelib.ports.errors import Conflict
from chalicelib.virtual.desk import MemoryAttention
from chalicelib.virtual.ledger import MemoryLedger
from chalicelib.virtual.people import MemoryContacts, MemorySurveys


class MemoryIncidents:
    """The port `Incidents`, with the index of what is due."""

    def __init__(
        self,
        contacts: MemoryContacts,
        surveys: MemorySurveys,
        attention: MemoryAttention | None = None,
        book: MemoryLedger | None = None,
    ) -> None:
        self._contacts, self._surveys, self._book = contacts, surveys, book or MemoryLedger()
        self._attention = attention or MemoryAttention()
        self._records: dict[IncidentKey, IncidentRecord] = {}
        self._names: dict[IncidentKey, dict[str, datetime | None]] = {}
        self._due: list[tuple[datetime, NotificationKey]] = []

    def load(self, key: IncidentKey) -> IncidentRecord:
        """Read an incident and its notifications."""
        fresh = Incident(agency_id=key.agency_id, incident_number=key.incident_number)
        record, named = self._records.get(key) or IncidentRecord(incident=fresh), self._names.get(key)
        return replace(record, named=dict(named)) if named else record

    def save(self, change: IncidentChange) -> None:
        """Write a change whole or not at all; Conflict."""
        key = change.incident.key
        record = self.load(key)
        if record.version != change.version or any(self._moved(record, row) for row in change.rows):
            raise Conflict
        if any(self._elsewhere(key, name) for name in change.names):
            raise Conflict
        self._book.keep_all(change.entries)
        rows = {**record.rows, **{row.key: replace(row, version=row.version + 1) for row in change.rows}}
        self._reindex(record.rows, rows, [row.key for row in change.rows])
        self._records[key] = IncidentRecord(
            incident=change.incident,
            skipped=change.skipped,
            rows=rows,
            version=change.version + 1,
            created_at=change.created_at,
            settings_version=change.settings_version,
            taken_back=change.taken_back,
        )
        for name in change.names:
            if name.place != key.incident_number:
                place = IncidentKey(key.agency_id, name.place)
                bearing = {} if is_id(name.place) else self._names.get(place, {})
                until = change.keep_until + LONGER if change.keep_until else None
                self._names[place] = {**bearing, key.incident_number: until}
        self._contacts.keep_silent(change)
        self._contacts.meet(change)
        self._attention.note(key.agency_id, change.attention)

    def put(self, row: Notification, attention: Attention = CALM) -> Notification:
        """Write one row over the version that it was read as; Conflict."""
        record = self.load(row.key.incident)
        if self._moved(record, row):
            raise Conflict
        written = replace(row, version=row.version + 1)
        rows = {**record.rows, row.key: written}
        self._reindex(record.rows, rows, [row.key])
        self._records[row.key.incident] = replace(record, rows=rows)
        self._attention.note(row.key.agency_id, attention)
        return written

    def claim(self, row: Notification, claim: Claim) -> Notification:
        """Write the row as claimed, if its contact still allows it; Conflict."""
        record = self.load(row.key.incident)
        if self._moved(record, row) or record.version != claim.incident_version:
            raise Conflict
        if claim.beside and self.load(IncidentKey(row.key.agency_id, claim.beside[0])).version != claim.beside[1]:
            raise Conflict
        if claim.survey:
            self._surveys.claim(claim.survey)
        self._contacts.claim(row, claim)
        if claim.code and claim.code_until:
            self._surveys.keep_code(claim.code, claim.code_until, row.key)
        return self.put(row, claim.attention)

    def due(self, until: datetime) -> Iterator[tuple[NotificationKey, datetime]]:
        """Return what must be looked at by then, earliest first."""
        for at, key in self._due:
            if at > until:
                return
            yield key, at

    def put_aside(self, key: NotificationKey, until: datetime) -> None:
        """Do nothing: memory holds nothing that can't be read."""

    def next_due(self) -> datetime | None:
        """Return when the index next has something due."""
        return self._due[0][0] if self._due else None

    def records(self) -> Iterable[IncidentRecord]:
        """Return everything that is stored."""
        return self._records.values()

    def _elsewhere(self, key: IncidentKey, name: Name) -> bool:
        """Tell whether a place is not as it was read."""
        there = self.load(IncidentKey(key.agency_id, name.place))
        led = is_id(name.place) and bool(there.named.keys() - {key.incident_number, name.before})
        moved = name.version is not None and there.version != name.version
        return led or (moved and name.place != key.incident_number)

    def _moved(self, record: IncidentRecord, row: Notification) -> bool:
        known = record.rows.get(row.key)
        return (known.version if known else 0) != row.version

    def _reindex(
        self,
        before: Mapping[NotificationKey, Notification],
        after: Mapping[NotificationKey, Notification],
        keys: Iterable[NotificationKey],
    ) -> None:
        for key in keys:
            old, new = before.get(key), after[key]
            if old and old.awaits:
                del self._due[bisect_left(self._due, (old.send_at, key))]
            if new.awaits:
                insort(self._due, (new.send_at, key))
