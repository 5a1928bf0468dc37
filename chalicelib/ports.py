"""What the flows need from the world: AWS on Lambda, memory in tests and on the virtual clock."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Protocol

from msgspec import Struct

from chalicelib.domain.agency import Agency
from chalicelib.domain.breaker import Breakers
from chalicelib.domain.budget import Spent
from chalicelib.domain.feed import FeedBook, FeedHeard, Tally
from chalicelib.domain.hold import Holds
from chalicelib.domain.identity import IncidentKey, NotificationKey
from chalicelib.domain.lake import Day, Landed
from chalicelib.domain.lake_row import LakeRow
from chalicelib.domain.notification import Notification, Provider
from chalicelib.domain.permit import Conditions
from chalicelib.domain.record import Change, Claim, IncidentRecord
from chalicelib.people import Contacts, Desks, FollowUps, Surveys
from chalicelib.sending import Sender


class Notice(StrEnum):
    """What people at the agency should look at: the names of CloudWatch metrics, each with an alarm."""

    UNKNOWN_PROVIDER_CODE = "UnknownProviderCode"
    PROVIDER_DOWN = "ProviderDown"
    OVER_BUDGET = "OverBudget"
    FEED_SILENT = "FeedSilent"
    FEED_AHEAD = "FeedAhead"
    FEED_LATE = "FeedLate"
    UNKNOWN_TYPES = "UnknownTypes"
    UPDATES_REJECTED = "UpdatesRejected"


class Metric(StrEnum):
    """What is measured all the time: the names of CloudWatch metrics, each in the dashboard.

    Each message that goes has its lateness: so many as there are have gone.
    """

    UPDATES = "Updates"
    SCHEDULED = "Scheduled"
    SKIPPED = "Skipped"
    LATENESS = "Lateness"
    RECEIPTS = "Receipts"
    OLDEST_DUE = "OldestDue"


class Conflict(Exception):
    """Somebody else wrote first: read again and decide again."""


class Busy(Exception):
    """Conflicts did not end; the caller should come back in a moment."""


class CardSpent(Exception):
    """A card has begun all the surveys that it may."""


class NotTold(Exception):
    """A desk's topic did not take it; what it was about is in the desk's list."""


class QueueUnavailable(Exception):
    """Hints could not be left; the sweep finds what they were about."""


class Damaged(Exception):
    """A file of the lake that can't be read; the text says which."""


class Hint(Struct, frozen=True):
    """A row to look at, after so many seconds."""

    key: NotificationKey
    delay: int


class Incidents(Protocol):
    """Incidents and their notifications."""

    def load(self, key: IncidentKey) -> IncidentRecord:
        """Read an incident and its notifications in one consistent read."""

    def save(self, change: Change) -> None:
        """Write a change in one transaction; Conflict where anything moved since it was read."""

    def put(self, row: Notification) -> Notification:
        """Write one row over the version that it was read as, and return it with its new version; Conflict."""

    def claim(self, row: Notification, claim: Claim) -> Notification:
        """Write the row as claimed in one transaction; Conflict where anything that it was decided on has changed."""

    def due(self, until: datetime) -> Iterable[tuple[NotificationKey, datetime]]:
        """Return each row that must be looked at by then, with the instant, from the index of what is due.

        One that is claimed may come with the instant at which it was due, before its lease has ended.
        """


class Settings(Protocol):
    """Published settings, and what can change from one second to the next."""

    def agency(self, agency_id: str) -> Agency | None:
        """Return the current settings, at most a minute old; None for an agency that has none."""

    def version(self, agency_id: str, number: int) -> Agency | None:
        """Return a published version, whether it is the current one or not."""

    def agency_at(self, number: str) -> Agency | None:
        """Return the agency that texts from a number."""

    def conditions(self, agency_id: str) -> Conditions:
        """Read, uncached, what is paused, when its feed was last heard, and which providers failed lately."""

    def note_feed(self, agency_id: str, at: datetime, told: Tally | None = None) -> None:
        """Note that the agency's feed lives, and what it told if it is no heartbeat; cheap to call for each webhook."""

    def agencies(self) -> Sequence[str]:
        """Return every agency that has settings, as of the last hour."""

    def feed(self, agency_id: str) -> tuple[FeedHeard, FeedBook | None]:
        """Return what an agency's feed brought, and what is remembered of it, by one read."""

    def note_book(self, agency_id: str, before: FeedBook | None, after: FeedBook) -> None:
        """Write what is remembered of a feed over what was read; Conflict."""

    def note_breakers(self, agency_id: str, before: Breakers, after: Breakers) -> None:
        """Write how an agency's providers do over what was read; Conflict."""

    def held(self, agency_id: str) -> Holds:
        """Return what is under a legal hold, persons by keyed hash, incidents by name, at most a minute old."""

    def spent(self, agency_id: str) -> Spent:
        """Read, uncached, what an agency's texts have come to."""

    def note_spent(self, agency_id: str, before: Spent, after: Spent) -> None:
        """Write what they have come to over what was read; Conflict."""


class Queue(Protocol):
    """Hints about rows that are due."""

    def hint(self, hints: Sequence[Hint]) -> None:
        """Leave hints; QueueUnavailable where that fails."""


class Lake(Protocol):
    """Where facts without persons wait, and where analysts find them."""

    def land(self, name: str, table: str, dt: date, rows: Sequence[LakeRow]) -> None:
        """Write rows of one table and day for the next compaction; the same name again takes its place."""

    def landed(self) -> Iterable[Landed]:
        """Return what waits for compaction."""

    def read_landed(self, landed: Landed) -> Sequence[LakeRow]:
        """Read a file that waits."""

    def read_day(self, table: str, dt: date) -> Day:
        """Read what analysts see of a day; Damaged."""

    def tag(self, table: str, dt: date) -> str | None:
        """Return the tag of a day's file, even of one that can't be read; None where there is none."""

    def write_day(self, table: str, dt: date, day: Day) -> None:
        """Write a day in one put over the tag that it was read as; Conflict."""

    def forget(self, landed: Sequence[Landed]) -> None:
        """Delete files that are now in their day."""


class Ports(Protocol):
    """The world, as the flows see it."""

    @property
    def incidents(self) -> Incidents:
        """Return the incidents."""

    @property
    def contacts(self) -> Contacts:
        """Return the contacts."""

    @property
    def settings(self) -> Settings:
        """Return the settings."""

    @property
    def surveys(self) -> Surveys:
        """Return the surveys."""

    @property
    def follow_ups(self) -> FollowUps:
        """Return what somebody must look at."""

    @property
    def desks(self) -> Desks:
        """Return who is told of it at once."""

    @property
    def queue(self) -> Queue:
        """Return the queue of hints."""

    @property
    def senders(self) -> Mapping[Provider, Sender]:
        """Return the providers by their names."""

    @property
    def survey_secret(self) -> bytes:
        """Return the key from which survey links are derived."""

    @property
    def unsubscribe_secret(self) -> bytes:
        """Return the key that signs unsubscribe links."""

    @property
    def code_secret(self) -> bytes:
        """Return the key from which the codes in texts are derived."""

    def chance(self) -> bytes:
        """Return 16 bytes that nobody can guess, others each time."""

    def words(self, language: str) -> Mapping[str, Any]:
        """Return the templates of a language."""

    def notice(self, notice: Notice, **ids: str) -> None:
        """Count and log something that people at the agency should look at."""

    def measure(self, metric: Metric, value: float, kind: str = "") -> None:
        """Note a figure, perhaps of one kind of notification; times are in seconds."""

    def back_off(self, attempt: int) -> None:
        """Wait a moment after a conflict, longer each time."""
