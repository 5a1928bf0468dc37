"""Settings, queue and senders in memory, and all ports together."""

import hashlib
import heapq
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from chalicelib import words
from chalicelib.domain.agency import Agency
from chalicelib.domain.breaker import Breakers
from chalicelib.domain.budget import Spent
from chalicelib.domain.identity import NotificationKey
from chalicelib.domain.notification import Provider
from chalicelib.domain.pause import Pause
from chalicelib.domain.permit import Conditions
from chalicelib.outbound.providers import PROVIDERS
from chalicelib.ports import Conflict, Hint, Notice
from chalicelib.sending import Outgoing, Sender, Sent
from ops.memory.follow_ups import MemoryDesks, MemoryFollowUps
from ops.memory.incidents import MemoryIncidents
from ops.memory.lake import MemoryLake
from ops.memory.people import MemoryContacts, MemorySurveys


class MemorySettings:
    """The port `Settings`; a feed that beats by itself is heard at every moment."""

    def __init__(self, *agencies: Agency, beating: bool = False) -> None:
        self._agencies = {agency.agency_id: agency for agency in agencies}
        self._versions: dict[tuple[str, int], Agency] = {}
        self.beating = beating
        self.pauses: tuple[Pause, ...] = ()
        self.heard_at: datetime | None = None
        self.now: datetime | None = None
        self._breakers: dict[str, Breakers] = {}
        self._spent: dict[str, Spent] = {}

    def agency(self, agency_id: str) -> Agency | None:
        """Return an agency's settings."""
        return self._agencies.get(agency_id)

    def version(self, agency_id: str, number: int) -> Agency | None:
        """Return a version that was in force, or None."""
        return self._versions.get((agency_id, number))

    def publish(self, agency: Agency) -> None:
        """Put other settings in force; those before stay to be read."""
        before = self._agencies[agency.agency_id]
        self._versions[before.agency_id, before.version] = before
        self._agencies[agency.agency_id] = agency

    def agency_at(self, number: str) -> Agency | None:
        """Return the agency that texts from a number."""
        return next((agency for agency in self._agencies.values() if number in agency.numbers.texting), None)

    def conditions(self, agency_id: str) -> Conditions:
        """Return what is paused, when its feed was last heard, and which providers failed lately."""
        heard_at = self.now if self.beating else self.heard_at
        return Conditions(self.pauses, heard_at, self._breakers.get(agency_id, {}))

    def note_breakers(self, agency_id: str, before: Breakers, after: Breakers) -> None:
        """Write how an agency's providers do over what was read; Conflict."""
        if self._breakers.get(agency_id, {}) != before:
            raise Conflict
        self._breakers[agency_id] = after

    def spent(self, agency_id: str) -> Spent:
        """Return what an agency's texts have come to."""
        return self._spent.get(agency_id, Spent())

    def note_spent(self, agency_id: str, before: Spent, after: Spent) -> None:
        """Write what they have come to over what was read; Conflict."""
        if self.spent(agency_id) != before:
            raise Conflict
        self._spent[agency_id] = after

    def note_feed(self, agency_id: str, at: datetime) -> None:
        """Note that the feed lives."""
        self.heard_at = max(self.heard_at or at, at)


class MemoryQueue:
    """The port `Queue`: hints in the order in which they come out."""

    def __init__(self) -> None:
        self._hints: list[tuple[datetime, int, NotificationKey]] = []
        self._order = count()
        self.now: datetime | None = None

    def hint(self, hints: Sequence[Hint]) -> None:
        """Leave hints, each for so many seconds from now."""
        if self.now is None:
            raise RuntimeError("the queue has not been told the time")
        for hint in hints:
            heapq.heappush(self._hints, (self.now + timedelta(seconds=hint.delay), next(self._order), hint.key))

    def next_due(self) -> datetime | None:
        """Return when the next hint comes out."""
        return self._hints[0][0] if self._hints else None

    def take(self) -> NotificationKey:
        """Take the next hint out."""
        return heapq.heappop(self._hints)[2]


class MemorySender:
    """The port `Sender`: keeps what it was given."""

    tells = True

    def __init__(self) -> None:
        self.outgoing: list[Outgoing] = []

    def send(self, outgoing: Outgoing) -> Sent:
        """Take a message."""
        self.outgoing.append(outgoing)
        return Sent("end_user_messaging", f"message-{len(self.outgoing)}")


def senders(sms: Sender, email: Sender) -> dict[Provider, Sender]:
    """Return one sender for all providers of texts and one for all of email."""
    return {name: sms if entry.channel == "sms" else email for name, entry in PROVIDERS.items()}


class MemoryPorts:
    """The world, in memory."""

    def __init__(self, *agencies: Agency, beating: bool = False) -> None:
        self.contacts, self.surveys = MemoryContacts(), MemorySurveys()
        self.incidents = MemoryIncidents(self.contacts, self.surveys)
        self.settings = MemorySettings(*agencies, beating=beating)
        self.follow_ups, self.desks = MemoryFollowUps(), MemoryDesks()
        self.queue, self.lake = MemoryQueue(), MemoryLake()
        self.sms, self.email = MemorySender(), MemorySender()
        self.senders: Mapping[Provider, Sender] = senders(self.sms, self.email)
        self.notices: list[tuple[Notice, dict[str, str]]] = []
        self._chances = count()
        self.survey_secret = b"not secret: nothing in memory leaves it"
        self.unsubscribe_secret = self.code_secret = self.survey_secret

    def chance(self) -> bytes:
        """Return bytes that are others each time, and the same in each run."""
        return hashlib.sha256(str(next(self._chances)).encode()).digest()[:16]

    def words(self, language: str) -> Mapping[str, Any]:
        """Return the templates of a language."""
        return words.load(language)

    def notice(self, notice: Notice, **ids: str) -> None:
        """Keep what people should look at."""
        self.notices.append((notice, ids))

    def back_off(self, attempt: int) -> None:
        """Do not wait: nobody else writes here."""

    def tell_time(self, now: datetime) -> None:
        """Set the clock of those parts that have one."""
        self.queue.now = self.settings.now = now
