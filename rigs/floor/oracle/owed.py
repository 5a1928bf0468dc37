"""Messages that had to go: due, barred by nothing that the documents name, and never sent.

Nothing changes between two things that happen. So a look at the end of such a time is enough: each message that was
due in it, and was held back by nothing, must have gone. A message that a rule kept back at the moment of sending is
lost for good. Where the documents leave open what may go, or until when, nothing is owed.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from chalicelib.domain.names import Kind
from rigs.floor.oracle.addresses import read_phone
from rigs.floor.oracle.hours import next_open, open_at
from rigs.floor.oracle.moment import Moment
from rigs.floor.oracle.people import Consents, Unsafe
from rigs.floor.oracle.silences import Silences
from rigs.floor.oracle.state import State
from rigs.floor.oracle.timing import Due, due
from rigs.floor.oracle.told import Person

SOON, AFTER_A_RELEASE = timedelta(minutes=4), timedelta(minutes=20)
"""How long a message may take that nothing holds back, and one that waited for a person's decision."""

_KINDS = [str(kind) for kind in Kind]
Key = tuple[str, str, str, str, int]


class Owed:
    """What had to go, and did not."""

    def __init__(self, state: State, silences: Silences, unsafe: Unsafe, consents: Consents, moment: Moment) -> None:
        self._state, self._silences, self._unsafe = state, silences, unsafe
        self._consents, self._moment = consents, moment
        self._lost = set[Key]()
        self._crowded = set[str]()
        self.since: datetime | None = None
        self.published_at: datetime | None = None
        self.found = 0

    def settle(self, now: datetime) -> list[str]:
        """Return what had to go since the last look."""
        since, self.since = self.since, now
        if since is None:
            return []
        return [problem for number in [*self._state.told] for problem in self._about(number, since, now)]

    def _about(self, number: str, since: datetime, now: datetime) -> Iterator[str]:
        state, told = self._state, self._state.of(number)
        if state.crowded(number):
            self._crowded.add(number)
        decided = self.published_at is None or (told.heard_at is not None and told.heard_at >= self.published_at)
        if not decided or state.bars(number) or state.unclear(number):
            return
        with_the_settings = told.heard_at == self.published_at
        for kind in _KINDS:
            bars = state.kind_bars(number, kind)
            if bars and bars != ["not live"]:
                continue
            times = due(state, number, kind)
            for ordinal, time in enumerate(times):
                moment = self._moment_of(kind, time, since, now)
                later = [each for each in times[ordinal + 1 :] if moment and each.at <= moment + SOON]
                if moment is not None and not later:
                    in_doubt = bool(bars) or with_the_settings
                    yield from self._of_each(number, kind, ordinal, time, moment, now, in_doubt)

    def _moment_of(self, kind: str, time: Due, since: datetime, now: datetime) -> datetime | None:
        """Return when a message had to go, or was looked at, if that was in the time that is looked at."""
        if max(time.at, since) > now:
            return None
        rules = self._state.book.rules
        at = next_open(max(time.at, since), rules.window(kind), rules.zone)
        return at if at <= now else None

    def _held(self, number: str, kind: str, time: Due, moment: datetime) -> bool:
        """Tell whether something holds a message back for the moment, or may do so soon."""
        rules, soon = self._state.book.rules, moment + SOON
        return (
            (time.until is not None and moment >= time.until)
            or self._state.crowded(number)
            or self._moment.paused(number, kind)
            or (kind == "delay" and self._moment.feed_silent(soon))
            or not open_at(soon, rules.window(kind), rules.zone)
        )

    def _of_each(
        self, number: str, kind: str, ordinal: int, time: Due, moment: datetime, now: datetime, in_doubt: bool
    ) -> Iterator[str]:
        patience = AFTER_A_RELEASE if number in self._crowded else SOON
        expired = time.until is not None and time.until <= now
        held = self._held(number, kind, time, moment) or moment + patience > min(now, time.until or now)
        people = self._state.people(number)
        for (child, party_id), person in people.items():
            key = number, child, party_id, kind, ordinal
            if key in self._lost or not self._told_of(number, kind, person):
                continue
            alone = all(other is person or not other.known & person.known for other in people.values())
            barred = in_doubt or not alone or self._barred(number, kind, person, moment, now)
            if barred or expired or not held:
                self._lost.add(key)
            if barred or held or time.until is None:
                continue
            self.found += 1
            family = self._state.ever(number)
            before = self._moment.told(family - {number}, kind, None, person.ever)
            if not before and not self._moment.told(family, kind, ordinal, person.ever):
                yield f"{moment:%d %H:%M:%S} {kind} {ordinal} of {number} to {child}/{party_id} never went"

    def _told_of(self, number: str, kind: str, person: Person) -> bool:
        """Tell whether a person is one of those who are told of an incident."""
        shown, rule = person.fields.shown, self._state.rule(number) or {}
        victims_only = kind == "case_number" and rule.get("case_number_to", "victim") == "victim"
        at = {"sms": person.number, "email": person.email}
        return (
            shown.get("role") != "witness"
            and (not victims_only or shown.get("role") == "victim")
            and shown.get("contact_kind") in (None, "personal")
            and read_phone(shown.get("phone")).plain
            and any(at[channel] for channel in self._state.book.rules.channels)
        )

    def _barred(self, number: str, kind: str, person: Person, moment: datetime, now: datetime) -> bool:
        """Tell whether a rule may have kept a message back for good."""
        known = person.ever | person.known
        return (
            bool(known & (self._state.book.rules.institutions | self._unsafe.perhaps()))
            or self._consents.stop(known, kind)
            or self._silences.may_hold(known, moment)
            or self._silences.holds(known, moment)
            or bool(known & self._moment.refused and self._state.book.rules.cap_a_day)
            or bool(self._moment.capped(number, kind, known, [moment, moment + SOON, now]))
        )
