"""Hear what the city hears, and look at each message in the moment in which it goes."""

import re
from datetime import datetime

from chalicelib.domain.names import NotificationKey
from rigs.floor.oracle.hours import open_at
from rigs.floor.oracle.moment import Moment, Pause, Sent
from rigs.floor.oracle.owed import Owed
from rigs.floor.oracle.people import Consents, Unsafe
from rigs.floor.oracle.releases import Released
from rigs.floor.oracle.replies import TEXTS, Answers, Reply
from rigs.floor.oracle.silences import Silences
from rigs.floor.oracle.state import Book, State
from rigs.floor.oracle.timing import due
from rigs.floor.oracle.told import Body, Person

_TELLS = re.compile(
    r"domestic|violence|navaja|\bgun\b|custody|ni[nñ]a|assault|victim|peace|welfare|\bDV", re.IGNORECASE
)
"""Words that no text may have: whoever holds the phone reads them."""


class Oracle:
    """All that is known from outside. `broken` has each message that must not have gone, or that never went."""

    def __init__(self, book: Book) -> None:
        self.state = State(book)
        self.silences, self.unsafe = Silences(self.state), Unsafe(self.state)
        self.consents, self.moment = Consents(), Moment(self.state)
        self.answers = Answers(self.consents)
        self.owed = Owed(self.state, self.silences, self.unsafe, self.consents, self.moment)
        self.broken: list[str] = []

    def hear(self, body: Body, source: str, rejected: bool, now: datetime) -> None:
        """Hear an update."""
        number, told = body["incident_number"], self.state.of(body["incident_number"])
        before = told.as_of
        known = self.state.released.get((number, "sensitive"))
        if isinstance(known, Released):
            as_of = body["as_of"] if isinstance(body["as_of"], datetime) else None
            known.after(body, rejected, as_of)
        told.hear(body, source, rejected, now)
        self.state.changed()
        self.unsafe.heard(number, body)
        self.silences.heard(number, now, news=before is None or (told.as_of is not None and told.as_of > before))
        if not rejected:
            self.moment.heard_at = now

    def publish(self, book: Book, now: datetime) -> None:
        """Hear that other settings are in force."""
        self.state.book = book
        self.state.changed()
        self.owed.published_at = now

    def release(self, number: str, what: str, party_id: str, now: datetime) -> None:
        """Hear that a person released an incident."""
        told, key = self.state.of(number), (number, what)
        if what == "unsafe":
            self.unsafe.released(number, party_id, now)
        elif what == "sensitive":
            words = {item for each in self.state.family(number) for item in self.state.of(each).words}
            self.state.released[key] = Released(words, told)
        elif what in ("juvenile", "do_not_contact"):
            known = [self.state.of(each).latches.get(what) for each in self.state.family(number)]
            self.state.released[key] = max(at for at in known if at)
        else:
            self.state.released[key] = now
        self.state.changed()
        if what in ("sensitive", "juvenile"):
            self.silences.released(number)

    def pause(self, pause: Pause, holds: bool) -> None:
        """Hear of a pause, or of its end."""
        (self.moment.pauses.add if holds else self.moment.pauses.discard)(pause)

    def reply(self, phone: str, words: str, now: datetime) -> None:
        """Hear what a person texts; `replied` ends it."""
        asked = [one for one in self.moment.sent if one.key.kind == "survey" and one.address == phone]
        number = asked[-1].key.incident_number if asked and not self.consents.of(phone) else ""
        quiet = self.silences.holds([phone], now) or phone in self.unsafe.addresses(number)
        quiet = quiet or bool(number and self.state.bars(number))
        before, live = self.consents.of(phone), self.state.book.raw["mode"] == "live"
        self.answers.begins(Reply(phone, TEXTS[words], before, quiet, live, now))

    def replied(self) -> None:
        """Look whether an answer is missing."""
        self.broken += self.answers.ends()

    def settle(self, now: datetime) -> None:
        """Look for messages that had to go by now."""
        self.broken += self.owed.settle(now)

    def judge_answer(self, address: str, body: str) -> None:
        """Look at an answer as it goes."""
        self.broken += self.answers.judge(address, body)

    def judge(self, key: NotificationKey, address: str, body: str, now: datetime) -> None:
        """Look at a message as it goes."""
        number, kind = key.incident_number, str(key.kind)
        child, _, party_id = f"/{key.recipient}".rpartition("/")
        child = child.strip("/") or number
        person = self.state.of(child).people.get(party_id)
        problems = [f"{why} forbids it" for why in (*self.state.bars(number), *self.state.kind_bars(number, kind))]
        problems += self._about_person(key, child, person, address, now) if person else ["to a stranger"]
        problems += self._about_moment(number, kind, key.ordinal, now)
        problems += self.moment.capped(number, kind, [address], [now])
        if self.moment.told([number], kind, key.ordinal, [address]):
            problems.append("the same news twice")
        others = [each for each in self.state.family(number) if each != number]
        if self.moment.told(others, kind, key.ordinal, [address]):
            problems.append("told already about its duplicate")
        if _TELLS.search(body):
            problems.append("says too much on a lock screen")
        self.broken += [f"{now:%d %H:%M:%S} {key.id} to {address}: {problem}" for problem in problems]
        self.moment.sent.append(Sent(now, key, address))

    def _about_person(self, key: NotificationKey, child: str, person: Person, address: str, now: datetime) -> list[str]:
        number, kind, shown = key.incident_number, str(key.kind), person.fields.shown
        rule = self.state.rule(number) or {}
        victims_only = kind == "case_number" and rule.get("case_number_to", "victim") == "victim"
        bars = {
            "to somebody of another incident": child not in self.state.family(number),
            "not at the person's address": address not in person.reachable,
            "to a witness": shown.get("role") == "witness",
            "to no victim": victims_only and shown.get("role") != "victim",
            "to no person": shown.get("contact_kind") not in (None, "personal"),
            "to an institution": bool(person.known & self.state.book.rules.institutions),
            "unsafe": bool(person.known & self.unsafe.addresses(number)),
            "after STOP": self.consents.stop(person.known, kind),
            "silenced": self.silences.holds(person.known, now),
        }
        return [name for name, holds in bars.items() if holds]

    def _about_moment(self, number: str, kind: str, ordinal: int, now: datetime) -> list[str]:
        times, rules = due(self.state, number, kind), self.state.book.rules
        mine = times[ordinal] if ordinal < len(times) else None
        bars = {
            "not due at all": mine is None,
            "early": mine is not None and now < mine.at,
            "stale": mine is not None and mine.until is not None and now >= mine.until,
            "outside of its hours": not open_at(now, rules.window(kind), rules.zone),
            "paused": self.moment.paused(number, kind),
            "the feed is silent": kind == "delay" and self.moment.feed_silent(now),
            "a mass call": self.state.crowded(number),
        }
        return [name for name, holds in bars.items() if holds]
