"""One seed: settings, a story under them, and what the oracle says of it."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from random import Random
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from chalicelib.domain.duration import decode_duration
from chalicelib.domain.incidents.release import Release
from chalicelib.domain.names import IncidentKey
from chalicelib.domain.notifications.notification import Notification
from chalicelib.domain.notifications.pause import Pause
from chalicelib.domain.people.reply import Reply
from chalicelib.domain.settings.agency import Agency
from chalicelib.flow.incidents.receive import receive_updates
from chalicelib.flow.incidents.release import release_hold
from chalicelib.flow.people.record_reply import take_reply
from chalicelib.inbound.cad.read_updates import read_updates
from rigs.floor import settings
from rigs.floor.city import City
from rigs.floor.judgements import as_taken
from rigs.floor.numbers import Numbers
from rigs.floor.oracle.oracle import Oracle
from rigs.floor.oracle.state import Book
from rigs.floor.story import Beat, Event, Free, Hold, Publish, Story, Tell, Text
from rigs.floor.write import write

STORIES_EACH = 8
"""Stories under the same settings: reading a file takes as long as half a story."""

AFTERWARDS = (62.0, 780.0, 600.0, 11_000.0)
"""Minutes that pass after the last event: until the survey has expired."""


class Version(Struct, frozen=True):
    """Settings as the flows and as the oracle read them."""

    agency: Agency
    book: Book


class Played(Struct, frozen=True):
    """A story that was played."""

    seed: int
    story: Story
    raw: Mapping[str, Any]
    broken: list[str]
    incidents: int
    sent: int
    owed: int


def play(seed: int) -> Played:
    """Play a seed."""
    first, other = _versions(seed // STORIES_EACH)
    story = write(Random(seed))  # noqa: S311  chance that can be had again
    stage = Stage(story, first, other)
    stage.play()
    oracle = stage.oracle
    heard = sum(told.as_of is not None for told in oracle.state.told.values())
    return Played(seed, story, first.book.raw, oracle.broken, heard, stage.city.door.taken, oracle.owed.found)


@lru_cache(maxsize=4)
def _versions(seed: int) -> tuple[Version, Version]:
    rng = Random(f"settings {seed}")  # noqa: S311  chance that can be had again
    raw = settings.write(rng)
    return _version(raw), _version(settings.other(rng, raw))


def _version(raw: dict[str, Any]) -> Version:
    """Return a version of settings; a file that is refused is corrected first."""
    try:
        return Version(msgspec.convert(raw, Agency, dec_hook=decode_duration), Book(raw))
    except msgspec.ValidationError:
        return _version(as_taken(raw))


class Stage:
    """A story as it happens."""

    def __init__(self, story: Story, first: Version, other: Version) -> None:
        self._story, self._versions = story, (first, other)
        self.oracle = Oracle(first.book)
        self.city = City(first.agency, self.oracle, story.start, story.lag, story.hints_lost, story.busy)
        self.city.incidents.before_claim = lambda: self._race("claim")
        self.city.incidents.after_claim = self._claimed
        self._waiting: list[Event] = []
        self._count = 0
        self._numbers = Numbers()

    def play(self) -> None:
        """Let everything happen."""
        for event in self._story.events:
            self._pass(event.minutes, event.down)
            if event.at:
                self._waiting.append(event)
            else:
                self._act(event)
        for minutes in AFTERWARDS:
            self._pass(minutes)

    def _pass(self, minutes: float, down: bool = False) -> None:
        """Let time pass; what waited for a claim that did not come happens then."""
        city = self.city
        until = city.now + timedelta(minutes=minutes)
        if down:
            self.oracle.settle(city.now)
            city.tell_time(until)
        else:
            self.oracle.settle(city.run(until))
        self.oracle.owed.since = until
        while self._waiting:
            self._act(self._waiting.pop(0))

    def _race(self, at: str) -> None:
        if self._waiting and self._waiting[0].at == at:
            self._act(self._waiting.pop(0))

    def _claimed(self, row: Notification) -> None:
        """Let what was planned for this moment happen; a claim that a pause takes back was counted all the same."""
        self._race("claimed")
        if self.oracle.moment.paused(row.key.incident_number, str(row.key.kind)):
            self.oracle.moment.refused.add(row.address)

    def _act(self, event: Event) -> None:
        act, now = event.act, self.city.now
        if now != self.oracle.owed.since:
            self.oracle.settle(now)
        self._count += 1
        match act:
            case Tell():
                self._tell(act, now)
            case Text(phone, words):
                self.oracle.reply(phone, words, now)
                number = self.city.agency.numbers.sms_from
                take_reply(Reply(sender=phone, number=number, body=words, at=now), self.city.ports)
                self.oracle.replied()
            case Hold():
                self._hold(act, now)
            case Beat(lives):
                self.city.ports.settings.beating = self.oracle.moment.beats = lives
                self.city.ports.settings.note_feed(self.city.agency.agency_id, now)
                self.oracle.moment.heard_at = now
            case Free():
                self._free(act, now)
            case Publish(other):
                version = self._versions[other]
                self.city.agency = version.agency
                self.city.ports.settings.publish(version.agency)
                self.oracle.publish(version.book, now)

    def _tell(self, tell: Tell, now: datetime) -> None:
        source, city = f"w{self._count:03}", self.city
        tell = replace(tell, number=self._numbers.of(tell, now))
        fields = {name: now + value if isinstance(value, timedelta) else value for name, value in tell.fields.items()}
        as_of = now + timedelta(seconds=tell.as_of, milliseconds=0 if tell.tie else self._count)
        body = {"incident_number": tell.number, "as_of": as_of, "update_id": f"u{self._count:03}", **fields}
        batch = read_updates(msgspec.json.encode({"updates": [body]}), source, "US", now)
        self.oracle.hear(body, tell.source, bool(batch.rejected), now)
        receive_updates(batch.said_by(tell.source), source, city.agency, city.ports, now)
        if batch.updates:
            city.ports.settings.note_feed(city.agency.agency_id, now)

    def _hold(self, hold: Hold, now: datetime) -> None:
        stored = self.city.ports.settings
        hold = replace(hold, which=self._numbers.now(hold.which))
        kept = tuple(one for one in stored.pauses if (one.of, one.which) != (hold.of, hold.which))
        new = Pause(of=hold.of, which=hold.which, author="S. Visor", reason="a test", at=now)
        stored.pauses = (*kept, new) if hold.holds else kept
        self.oracle.pause((hold.of, hold.which), hold.holds)

    def _free(self, free: Free, now: datetime) -> None:
        free = replace(free, number=self._numbers.now(free.number))
        key = IncidentKey(self.city.agency.agency_id, free.number)
        release = Release(what=free.what, author="S. Visor", reason="a test", at=now, party_id=free.party_id)
        try:
            release_hold(key, release, self.city.ports, now)
        except LookupError:
            return
        self.oracle.release(free.number, free.what, free.party_id, now)
