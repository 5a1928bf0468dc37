"""The contents of a shadow report: counts that add up, and examples without anybody's phone or email."""

from datetime import date, datetime

from msgspec import Struct

from chalicelib.domain.names import Kind
from chalicelib.domain.notifications.notification import Channel

MANY_A_DAY = 3
"""More messages than this to one person in a day are many."""

MANY_IN_ALL = 6
"""More than this in the whole period are many, too."""

NO_TYPE = ""
"""The code of incidents whose type nobody has told yet."""


class KindCount(Struct, frozen=True, kw_only=True):
    """One kind's decisions: each would have gone, went, still waits, or was not sent; `texts` and `emails` would."""

    kind: Kind
    messages: int
    texts: int
    emails: int
    segments: int
    cost: float
    went: int
    waiting: int
    not_sent: int


class TypeCount(Struct, frozen=True, kw_only=True):
    """One type as the incidents ended with it; `place` is a city that has types of its own, else empty."""

    place: str
    code: str
    description: str
    dispatch_says: str
    listed: bool
    incidents: int
    messages: dict[Kind, int]
    segments: int

    @property
    def total(self) -> int:
        """Return how many messages would have gone."""
        return sum(self.messages.values())


class ReasonCount(Struct, frozen=True, kw_only=True):
    """One reason for not sending; `got_nothing` are those of its incidents about which nobody heard anything."""

    reason: str
    meaning: str
    incidents: int
    got_nothing: int
    kinds: dict[Kind, int]


class UnknownType(Struct, frozen=True, kw_only=True):
    """A type that the settings do not allow; `opened` are the incidents that nothing but this stands in the way of.

    `held_back`: the settings name it, as one that nobody is ever told about.
    """

    place: str
    code: str
    description: str
    incidents: int
    share: float
    opened: int
    floor: str
    held_back: bool = False


class UnmappedDisposition(Struct, frozen=True, kw_only=True):
    """A disposition without a class; `untold` are incidents that ended with no other, though they were texted about."""

    code: str
    incidents: int
    share: float
    untold: int


class UnjudgedValue(Struct, frozen=True, kw_only=True):
    """Words that nobody has judged; `opened` are the incidents that nothing but this stands in the way of.

    `looks` is what the word lists think of it: empty where they know nothing against it.
    """

    field: str
    words: str
    incidents: int
    share: float
    opened: int
    looks: str


class Sample(Struct, frozen=True, kw_only=True):
    """One message as the person would have read it; `at` is in the agency's own time."""

    at: datetime
    incident_number: str
    code: str
    channel: Channel
    language: str
    segments: int
    body: str


class Night(Struct, frozen=True, kw_only=True):
    """One kind's messages between 22:00 and 7:00."""

    kind: Kind
    messages: int
    examples: tuple[Sample, ...]


class FrequentPerson(Struct, frozen=True, kw_only=True):
    """Somebody who would get many; `who` is masked, `incidents` are where to look them up."""

    who: str
    messages: int
    most_in_a_day: int
    kinds: dict[Kind, int]
    incidents: tuple[str, ...]


class Turned(Struct, frozen=True, kw_only=True):
    """Messages of incidents about which, as it turned out later, nothing may be said."""

    reason: str
    meaning: str
    messages: int
    incidents: tuple[str, ...]


class ShadowReport(Struct, frozen=True, kw_only=True):
    """All of it. `incidents` are with a message, waiting for one, or without; `hours` are of the agency's own day."""

    agency_id: str
    agency_name: str
    settings_version: int
    day: date | None
    first: date | None
    last: date | None
    price: float
    incidents: int
    with_message: int
    only_waiting: int
    kinds: tuple[KindCount, ...]
    hours: tuple[int, ...]
    types: tuple[TypeCount, ...]
    reasons: tuple[ReasonCount, ...]
    unknown_types: tuple[UnknownType, ...]
    unmapped_dispositions: tuple[UnmappedDisposition, ...]
    unjudged: tuple[UnjudgedValue, ...]
    unjudged_incidents: int
    night: tuple[Night, ...]
    people: tuple[FrequentPerson, ...]
    people_in_all: int
    held_by_caps: dict[str, int]
    long_texts: int
    turned: tuple[Turned, ...]
    samples: dict[Kind, tuple[Sample, ...]]

    def total(self, name: str) -> int:
        """Return a column of the kinds, added up."""
        return sum(getattr(kind, name) for kind in self.kinds)

    @property
    def days(self) -> int:
        """Return how many days the calls came in on, the first and the last included."""
        return (self.last - self.first).days + 1 if self.first and self.last else 0

    @property
    def without(self) -> int:
        """Return the incidents about which nobody would have heard anything."""
        return self.incidents - self.with_message - self.only_waiting

    @property
    def cost(self) -> float:
        """Return what the carrier would have charged."""
        return sum(kind.cost for kind in self.kinds)

    @property
    def cost_a_month(self) -> float:
        """Return the cost of 30 days like these."""
        return self.cost / self.days * 30 if self.days else 0.0
