"""Watch the promises: each breach is noted at the moment at which it happens.

The watch sees effects as the world has them, not as the flows believe them. It keeps what a vendor was told,
what a carrier took and what a person said. It asks the domain's rules only for what a plan wants.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from math import ceil
from typing import Protocol

from msgspec import Struct

from chalicelib.domain.incidents.update import Update
from chalicelib.domain.names import IncidentKey, Kind, NotificationKey
from chalicelib.domain.notifications.notification import MAY_REPEAT, Notification, State
from chalicelib.domain.notifications.pause import Pause
from chalicelib.domain.notifications.permit import FEED_FRESH
from chalicelib.domain.notifications.plan import Planned, plan
from chalicelib.domain.notifications.receipt import Receipt
from chalicelib.domain.notifications.record import IncidentRecord
from chalicelib.domain.people.contact import OptOutScope
from chalicelib.domain.people.reply import is_answer
from chalicelib.domain.settings.agency import Agency
from chalicelib.ports.carrier import Outgoing
from rigs.simulate.faults import Chaos
from rigs.simulate.forbidden import dangers, held, stops
from rigs.simulate.loop import Call, Loop
from rigs.simulate.promise import Promise

LATE_WITHOUT_HINTS = timedelta(seconds=75)
A_FAULT_COSTS = timedelta(seconds=200)
"""A call that fails puts a row off by two minutes, and the sweep comes within one more."""

HINT_AHEAD = timedelta(seconds=185)
FUNCTION = timedelta(seconds=62)
REPEAT_AFTER = timedelta(minutes=58)


class Broken(Struct, frozen=True):
    """A promise that did not hold, and how."""

    at: datetime
    promise: Promise
    words: str


class Taken(Struct):
    """A message that a provider took; `lost` where it never reached the person."""

    at: datetime
    outgoing: Outgoing
    reference: str
    lost: bool = False


class Incidents(Protocol):
    """The stored incidents, as the watch may read them without being in anybody's way."""

    def load(self, key: IncidentKey) -> IncidentRecord:
        """Read an incident."""


class Watch:
    """All that is seen of one seed."""

    def __init__(self, agency: Agency, incidents: Incidents, loop: Loop, chaos: Chaos) -> None:
        self._agency, self._incidents, self._loop, self._chaos = agency, incidents, loop, chaos
        self.checked: Counter[Promise] = Counter()
        self.broken: list[Broken] = []
        self.acked: list[tuple[datetime, Update]] = []
        self.takes: dict[NotificationKey, list[Taken]] = defaultdict(list)
        self.answers: list[Outgoing] = []
        self.silent: tuple[datetime, datetime] | None = None
        self.no_sweep: tuple[datetime, datetime] | None = None
        self.pauses: list[tuple[datetime, datetime, Pause]] = []
        self.lateness: list[tuple[float, bool]] = []
        self.got: Callable[[Outgoing], None] = lambda _: None
        self._claims: dict[NotificationKey, tuple[datetime, Call, Notification]] = {}
        self._arrived: dict[str, datetime] = {}
        self._consents: dict[str, dict[datetime, OptOutScope | None]] = defaultdict(dict)
        self._written: dict[NotificationKey, datetime] = {}
        self._counted: Counter[tuple[str, date]] = Counter()

    def expect(self, promise: Promise, holds: bool, words: str) -> None:
        """Count one check of a promise, and keep it if it does not hold."""
        self.checked[promise] += 1
        if not holds:
            self.broken.append(Broken(self._loop.now, promise, words))

    def heard_at(self) -> datetime:
        """Return when the agency's feed was last heard."""
        now = self._loop.now
        return self.silent[0] if self.silent and self.silent[0] <= now < self.silent[1] else now

    def acknowledged(self, updates: tuple[Update, ...]) -> None:
        """Note that a vendor was told that these are durable."""
        for update in updates:
            self.acked.append((self._loop.now, update))
            incident = self._incidents.load(IncidentKey(self._agency.agency_id, update.incident_number)).incident
            durable = incident.merge(update) == incident or update.rejected
            self.expect(Promise.LOST, durable, f"{update.update_id} was acknowledged and is not stored")

    def consented(self, person: str, at: datetime, scope: OptOutScope | None) -> None:
        """Note a person's word, or a provider's about them, as it is stored from now on."""
        self._consents[person][at] = scope

    def said(self, person: str, at: datetime, scope: OptOutScope | None) -> None:
        """Note what a person said, now that it has been heard; what is stored of it by then may say more."""
        self._consents[person].setdefault(at, scope)

    def receipted(self, receipt: Receipt, _state: object) -> None:
        """Note that a receipt has been taken in."""
        if receipt.state is State.DELIVERED:
            self._arrived.setdefault(receipt.reference, self._loop.now)

    def wrote(self, before: Notification | None, row: Notification) -> None:
        """Note a row's write; one that was due must not have waited for longer than what went wrong explains."""
        now, call, key = self._loop.now, self._loop.running, row.key
        written = self._written.get(key, now)
        self._written[key] = now
        looked_at = before and before.state is State.SCHEDULED and call and call.step == "deliver"
        if not (before and looked_at and before.send_at <= now + timedelta(seconds=1)):
            return
        due = max(before.send_at, written)
        faults = self._chaos.since(max(written, due - HINT_AHEAD), (key.incident_number,))
        late, allowed = now - due, LATE_WITHOUT_HINTS + faults * A_FAULT_COSTS + self._unswept(due, now)
        self.lateness.append((max(0.0, late.total_seconds()), faults == 0))
        self.expect(Promise.TIMELY, late <= allowed, f"{key.id} waited {late} where {allowed} is explained")

    def claimed(self, row: Notification) -> None:
        """Check all that must hold in the instant in which a row is claimed."""
        call, record = self._loop.running, self._incidents.load(row.key.incident)
        if call is None:
            raise RuntimeError("only a function claims")
        self._claims[row.key] = self._loop.now, call, row
        wanted = {item.key: item for item in plan(record.incident, self._agency) if isinstance(item, Planned)}
        self.expect(Promise.PLAN, row.key in wanted, f"{row.key.id} was claimed and is not wanted")
        expires_at = wanted[row.key].expires_at if row.key in wanted else row.expires_at
        self.expect(Promise.STALE, call.now < expires_at, f"{row.key.id} was claimed when it had expired")
        if row.key.kind is Kind.DELAY:
            heard = self.heard_at() >= call.now - FEED_FRESH
            self.expect(Promise.STALE, heard, f"{row.key.id} was claimed while the feed was silent")
        because = next(dangers(row, self.acked, self._agency, call), None)
        self.expect(Promise.DANGER, because is None, f"{row.key.id} was claimed although {because}")
        because = next(self._bars(row, record, call), None)
        self.expect(Promise.PERMIT, because is None, f"{row.key.id} was claimed although {because}")

    def took(self, outgoing: Outgoing, provider: str) -> str:
        """Note that a provider took a message, and return what it calls it."""
        now, reference = self._loop.now, f"{provider}-{sum(map(len, self.takes.values()))}"
        if is_answer(outgoing.id):
            self.answers.append(outgoing)
            self.got(outgoing)
            return reference
        key = NotificationKey.from_id(outgoing.id)
        at, call, row = self._claims.get(key, (None, None, None))
        mine = row is not None and call is self._loop.running and row.address == outgoing.address
        self.expect(Promise.TWICE, mine, f"{key.id} was handed over without a claim")
        if row is not None and at is not None and call is not None:
            twice = [one for one in self.takes[key] if not one.lost and not self._may_repeat(key, one, at)]
            self.expect(Promise.TWICE, not twice, f"{key.id} went again: {len(twice) + 1} times")
            self.expect(Promise.STALE, now <= row.expires_at + FUNCTION, f"{key.id} went after {row.expires_at}")
            rest = ceil((row.expires_at - call.now).total_seconds())
            self.expect(Promise.STALE, 0 < outgoing.lives_for <= rest, f"{key.id} may live for {outgoing.lives_for} s")
        self.expect(Promise.TWICE, not self._told_by_another(key, outgoing), f"{key.id} says what another row said")
        self.takes[key].append(Taken(now, outgoing, reference))
        self.got(outgoing)
        return reference

    def never_arrives(self, outgoing: Outgoing) -> None:
        """Note that what a provider took last under this id does not reach the person."""
        self.takes[NotificationKey.from_id(outgoing.id)][-1].lost = True

    def _may_repeat(self, key: NotificationKey, before: Taken, claimed_at: datetime) -> bool:
        """Tell whether a message may go again: its kind may, and for an hour no receipt had come."""
        arrived = self._arrived.get(before.reference)
        unheard = arrived is None or arrived > claimed_at
        return key.kind in MAY_REPEAT and unheard and claimed_at - before.at >= REPEAT_AFTER

    def _told_by_another(self, key: NotificationKey, outgoing: Outgoing) -> bool:
        news = key.agency_id, key.incident_number, key.kind, key.ordinal
        return any(
            one.outgoing.address == outgoing.address and not one.lost
            for other, taken in self.takes.items()
            if other != key and (other.agency_id, other.incident_number, other.kind, other.ordinal) == news
            for one in taken
        )

    def _bars(self, row: Notification, record: IncidentRecord, call: Call) -> Iterator[str]:
        """Yield what forbids this text now, whatever it says."""
        paused = [pause for start, end, pause in self.pauses if start <= call.began and self._loop.now < end]
        yield from held(row, record, paused, self._agency, call)
        words = self._consents.get(row.address, {})
        if words and stops(words[max(words)], row):
            yield "its recipient had said STOP"
        if row.attempts == 1:
            day = row.address, self._agency.day(call.now)
            self._counted[day] += 1
            if 0 < self._agency.caps.per_person_and_day < self._counted[day]:
                yield f"they had had {self._agency.caps.per_person_and_day} that day"

    def _unswept(self, due: datetime, now: datetime) -> timedelta:
        """Return for how long no sweep could find it."""
        if self.no_sweep is None:
            return timedelta(0)
        return max(timedelta(0), min(now, self.no_sweep[1]) - max(due - 2 * timedelta(minutes=1), self.no_sweep[0]))
