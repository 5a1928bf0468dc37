"""Settings, queue and senders in memory, and all ports together."""

import hashlib
import heapq
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from msgspec.structs import replace

from chalicelib import words
from chalicelib.carriers.registry import PROVIDERS
from chalicelib.domain.desk.own_text import Order
from chalicelib.domain.desk.paging import PagingBook
from chalicelib.domain.incidents.feed_health import FeedBook, FeedHeard, Tally
from chalicelib.domain.incidents.legal_hold import Holds, in_force
from chalicelib.domain.names import NotificationKey
from chalicelib.domain.notifications.breaker import Breakers
from chalicelib.domain.notifications.notification import Provider
from chalicelib.domain.notifications.pause import Pause
from chalicelib.domain.notifications.permit import Conditions
from chalicelib.domain.notifications.wave import Waves
from chalicelib.domain.people.canned import CannedKey
from chalicelib.domain.settings.agency import Agency
from chalicelib.domain.settings.budget import Spent
from chalicelib.domain.settings.desk import Desk
from chalicelib.ports.carrier import Outgoing, Sender, Sent
from chalicelib.ports.errors import Conflict
from chalicelib.ports.notices import Metric, Notice
from chalicelib.ports.queue import Hint
from chalicelib.virtual.comments import MemoryComments
from chalicelib.virtual.conversations import MemoryConversations
from chalicelib.virtual.desk import MemoryAttention, MemoryRecent
from chalicelib.virtual.follow_ups import MemoryDesks, MemoryFollowUps
from chalicelib.virtual.incidents import MemoryIncidents
from chalicelib.virtual.lake import MemoryLake
from chalicelib.virtual.ledger import MemoryLedger
from chalicelib.virtual.own_texts import MemoryOwnTexts
from chalicelib.virtual.people import MemoryContacts, MemorySurveys
from chalicelib.virtual.provider import MemoryProvider
from chalicelib.virtual.sessions import MemorySessions


class MemorySettings:
    """The port `Settings`; a feed that beats by itself is heard at every moment."""

    def __init__(self, *agencies: Agency, beating: bool = False) -> None:
        self._agencies = {agency.agency_id: agency for agency in agencies}
        self._versions: dict[tuple[str, int], Agency] = {}
        self.beating = beating
        self.pauses: tuple[Pause, ...] = ()
        self.under_hold: Holds = {}
        self.heard_at: datetime | None = None
        self.now: datetime | None = None
        self._breakers: dict[str, Breakers] = {}
        self._waves: dict[str, Waves] = {}
        self._spent: dict[str, Spent] = {}
        self._told: dict[str, FeedHeard] = {}
        self._books: dict[str, FeedBook] = {}
        self._paging: dict[str, PagingBook] = {}

    def agency(self, agency_id: str, at_least: int = 0) -> Agency | None:
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

    def agencies_at(self, site: str) -> list[str]:
        """Return the agencies whose links lead to a site."""
        return sorted(agency.agency_id for agency in self._agencies.values() if agency.survey.site == site)

    def desks(self) -> dict[str, Desk]:
        """Return who may come to the desk for which agency."""
        return {name: agency.desk for name, agency in self._agencies.items() if agency.desk.roles}

    def conditions(self, agency_id: str) -> Conditions:
        """Return what is paused, when its feed was last heard, and which providers failed lately."""
        heard_at = self.now if self.beating else self.heard_at
        return Conditions(self.pauses, heard_at, self._breakers.get(agency_id, {}), self.waves(agency_id))

    def waves(self, agency_id: str) -> Waves:
        """Return of which providers the carriers block texts."""
        return self._waves.get(agency_id, {})

    def is_calm(self, agency_id: str) -> bool:
        """Tell whether carriers block no texts of an agency."""
        return not self.waves(agency_id)

    def note_waves(self, agency_id: str, before: Waves, after: Waves) -> None:
        """Write of which providers the carriers block texts over what was read; Conflict."""
        if self.waves(agency_id) != before:
            raise Conflict
        self._waves[agency_id] = after

    def note_breakers(self, agency_id: str, before: Breakers, after: Breakers) -> None:
        """Write how an agency's providers do over what was read; Conflict."""
        if self._breakers.get(agency_id, {}) != before:
            raise Conflict
        self._breakers[agency_id] = after

    def held(self, agency_id: str) -> Holds:
        """Return the persons under a legal hold."""
        return in_force(self.under_hold)

    def holds(self, agency_id: str) -> Holds:
        """Return the same with the holds that somebody is lifting."""
        return self.under_hold

    def spent(self, agency_id: str) -> Spent:
        """Return what an agency's texts have come to."""
        return self._spent.get(agency_id, Spent())

    def note_spent(self, agency_id: str, before: Spent, after: Spent) -> None:
        """Write what they have come to over what was read; Conflict."""
        if self.spent(agency_id) != before:
            raise Conflict
        self._spent[agency_id] = after

    def note_feed(self, agency_id: str, at: datetime, told: Tally | None = None) -> None:
        """Note that the feed lives, and what it told."""
        known, brought = self._told.get(agency_id, FeedHeard()), told or Tally()
        told_at = at if brought.updates else known.told_at
        if told is None or told.updates:
            self.heard_at = max(self.heard_at or at, at)
        self._told[agency_id] = FeedHeard(None, told_at, known.tally.plus(brought))

    def agencies(self) -> Sequence[str]:
        """Return every agency."""
        return sorted(self._agencies)

    def feed(self, agency_id: str) -> tuple[FeedHeard, FeedBook | None]:
        """Return what an agency's feed brought, and what is remembered of it."""
        heard = replace(self._told.get(agency_id, FeedHeard()), heard_at=self.heard_at)
        return heard, self._books.get(agency_id)

    def note_book(self, agency_id: str, before: FeedBook | None, after: FeedBook) -> None:
        """Write what is remembered of a feed over what was read; Conflict."""
        if self._books.get(agency_id) != before:
            raise Conflict
        self._books[agency_id] = after

    def paging(self, agency_id: str) -> PagingBook:
        """Return what is remembered of an agency's pages."""
        return self._paging.get(agency_id, PagingBook())

    def note_paging(self, agency_id: str, before: PagingBook, after: PagingBook) -> None:
        """Write what is remembered of pages over what was read; Conflict."""
        if self.paging(agency_id) != before:
            raise Conflict
        self._paging[agency_id] = after


class MemoryQueue:
    """The port `Queue`: hints in the order in which they come out."""

    def __init__(self) -> None:
        self._hints: list[tuple[datetime, int, NotificationKey]] = []
        self._order = count()
        self.now: datetime | None = None
        self.answers: list[CannedKey] = []
        self.orders: list[Order] = []

    def hint_answer(self, key: CannedKey, delay: int) -> None:
        """Leave a hint about an answer."""
        self.answers.append(key)

    def order(self, order: Order) -> None:
        """Leave a text to somebody's own phone."""
        self.orders.append(order)

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
        self.attention = MemoryAttention()
        self.book = MemoryLedger()
        self.incidents = MemoryIncidents(self.contacts, self.surveys, self.attention, self.book)
        self.conversations = MemoryConversations(self.contacts, self.incidents)
        self.own_texts = MemoryOwnTexts(self.contacts, self.incidents)
        self.recent = MemoryRecent(self.incidents.records)
        self.settings = MemorySettings(*agencies, beating=beating)
        self.follow_ups, self.desks = MemoryFollowUps(self.attention), MemoryDesks()
        self.comments = MemoryComments()
        self.queue, self.lake = MemoryQueue(), MemoryLake()
        self.sessions, self.desk_provider = MemorySessions(), MemoryProvider()
        self.sms, self.email = MemorySender(), MemorySender()
        self.senders: Mapping[Provider, Sender] = senders(self.sms, self.email)
        self.measured: defaultdict[tuple[Metric, str], float] = defaultdict(float)
        self.notices: list[tuple[Notice, dict[str, str]]] = []
        self._chances = count()
        self.survey_secret = b"not secret: nothing in memory leaves it"
        self.unsubscribe_secret = self.code_secret = self.survey_secret

    @property
    def ledger(self) -> MemoryLedger:
        """Return the ledger."""
        return self.book

    def chance(self) -> bytes:
        """Return bytes that are others each time, and the same in each run."""
        return hashlib.sha256(str(next(self._chances)).encode()).digest()[:16]

    def words(self, agency: Agency, language: str) -> Mapping[str, Any]:
        """Return the templates of a language, as the people of an agency read them."""
        return words.load(language, text_to_911=agency.text_to_911)

    def notice(self, notice: Notice, **ids: str) -> None:
        """Keep what people should look at."""
        self.notices.append((notice, ids))

    def measure(self, metric: Metric, value: float, kind: str = "") -> None:
        """Add a figure to those of its name."""
        self.measured[metric, kind] += value

    def back_off(self, attempt: int) -> None:
        """Do not wait: nobody else writes here."""

    def tell_time(self, now: datetime) -> None:
        """Set the clock of those parts that have one."""
        self.queue.now = self.settings.now = now
