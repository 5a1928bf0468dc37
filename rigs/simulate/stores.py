"""The stores in memory, with what surrounds them: streams, a watch, an index that lags."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any, Protocol

from msgspec.structs import replace

from chalicelib.aws.stores.history import Heard
from chalicelib.domain.desk.attention import CALM, Attention
from chalicelib.domain.lake.rows import Changed
from chalicelib.domain.lake.tables import IncidentVersion
from chalicelib.domain.names import NotificationKey
from chalicelib.domain.notifications.notification import Notification
from chalicelib.domain.notifications.permit import Conditions
from chalicelib.domain.notifications.record import Claim, IncidentChange
from chalicelib.domain.people.consent import Address
from chalicelib.domain.people.contact import OptOutScope
from chalicelib.domain.settings.agency import Agency
from chalicelib.domain.surveys.survey import Survey
from chalicelib.virtual.desk import MemoryAttention
from chalicelib.virtual.incidents import MemoryIncidents
from chalicelib.virtual.people import MemoryContacts, MemorySurveys
from chalicelib.virtual.world import MemorySettings
from rigs.simulate.faults import Chaos, Fault
from rigs.simulate.loop import Loop
from rigs.simulate.watch import Watch

LAGS = timedelta(seconds=5)
"""So far the index of what is due may be behind."""


class Surroundings(Protocol):
    """The listeners that the stores tell of their writes."""

    loop: Loop
    chaos: Chaos
    watch: Watch
    changed: Callable[[Changed], None]
    awaited: Callable[[datetime], None]


class SimulatedIncidents(MemoryIncidents):
    """Incidents that remember what was said of them, feed a stream, and have an index that lags."""

    def __init__(
        self, contacts: MemoryContacts, surveys: MemorySurveys, world: "Surroundings", attention: MemoryAttention
    ) -> None:
        super().__init__(contacts, surveys, attention)
        self._world = world
        self._moves: list[tuple[datetime, NotificationKey, datetime | None]] = []
        self.heard: dict[str, list[Heard]] = {}

    def save(self, change: IncidentChange) -> None:
        """Write a change."""
        before = self.load(change.incident.key)
        super().save(change)
        number = change.incident.incident_number
        if change.updates:
            self.heard.setdefault(number, []).append(Heard(change.at, change.source_id, change.updates))
        self._world.changed(
            IncidentVersion(
                change.incident, change.version + 1, change.created_at, change.skipped, change.settings_version
            )
        )
        for row in change.rows:
            self._moved_to(before.rows.get(row.key), replace(row, version=row.version + 1))

    def put(self, row: Notification, attention: Attention = CALM) -> Notification:
        """Write one row."""
        before = self.load(row.key.incident).rows.get(row.key)
        written = super().put(row, attention)
        self._moved_to(before, written)
        return written

    def claim(self, row: Notification, claim: Claim) -> Notification:
        """Write the row as claimed."""
        claimed = super().claim(row, claim)
        self._world.watch.claimed(claimed)
        return claimed

    def due(self, until: datetime) -> Iterator[tuple[NotificationKey, datetime]]:
        """Return what must be looked at by then, as the index has it."""
        world = self._world
        if not world.chaos.strikes(Fault.STALE_INDEX, world.loop.now, "sweep", "", "incidents.due", often=3):
            return super().due(until)
        known = {key: at for moved, key, at in self._moves if moved <= world.loop.now - LAGS}
        return iter(sorted(((key, at) for key, at in known.items() if at and at <= until), key=lambda item: item[1]))

    def _moved_to(self, before: Notification | None, row: Notification) -> None:
        self._moves.append((self._world.loop.now, row.key, row.send_at if row.awaits else None))
        self._world.changed(row)
        self._world.watch.wrote(before, row)
        if row.awaits:
            self._world.awaited(row.send_at)


class SimulatedSurveys(MemorySurveys):
    """Surveys that feed a stream."""

    def __init__(self, world: "Surroundings") -> None:
        super().__init__()
        self._world = world

    def put(self, survey: Survey) -> Survey:
        """Write a survey."""
        written = super().put(survey)
        self._world.changed(written)
        return written

    def claim(self, survey: Survey) -> None:
        """Keep a survey that is about to be asked."""
        super().claim(survey)
        self._world.changed(survey)


class SimulatedContacts(MemoryContacts):
    """Contacts whose every word of consent is watched."""

    def __init__(self, world: "Surroundings") -> None:
        super().__init__()
        self._world = world

    def opt_out(
        self, agency_id: str, address: Address, scope: OptOutScope, at: datetime, words: str, *who: Any
    ) -> None:
        """Note that a person wants no more."""
        super().opt_out(agency_id, address, scope, at, words, *who)
        self._world.watch.consented(str(address), at, scope)

    def opt_in(self, agency_id: str, address: Address, at: datetime, words: str, *who: Any) -> None:
        """Note that a person wants to hear from us again."""
        super().opt_in(agency_id, address, at, words, *who)
        self._world.watch.consented(str(address), at, None)


class SimulatedSettings(MemorySettings):
    """Settings of an agency whose feed is heard at every moment, but while it is silent."""

    def __init__(self, agency: Agency, world: "Surroundings") -> None:
        super().__init__(agency)
        self._world = world

    def conditions(self, agency_id: str) -> Conditions:
        """Return what is paused, when the feed was last heard, and which providers failed lately."""
        return replace(super().conditions(agency_id), feed_heard_at=self._world.watch.heard_at())
