"""One incident as all its updates make it, and what was ever said of it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from rigs.floor.oracle.addresses import read_phone
from rigs.floor.oracle.merging import NEVER_MIND, Fields
from rigs.floor.oracle.words import Item, says_no, says_yes, told_in

Body = Mapping[str, Any]
STOPS = frozenset({"arrived_at", "closed_at", "cancelled_at", "exercise", "transferred_to"})
_STOPPING = {"response_mode": ("phone", "online", "none"), "origin": ("officer_initiated",)}
LATCHES = ("juvenile", "do_not_contact")
SINGLE = ("incident_type", "initial_type", "type_modifier")
MOST_PEOPLE, MOST_WORDS = 30, 100


class Person:
    """A party of an incident."""

    def __init__(self) -> None:
        self.fields = Fields()
        self.ever: set[str] = set()
        self.ever_odd = False
        self.unsafe_as_of: datetime | None = None

    @property
    def number(self) -> str | None:
        """Return the number to text."""
        return read_phone(self.fields.shown.get("phone")).number

    @property
    def email(self) -> str | None:
        """Return the email."""
        return self.fields.shown.get("email")

    @property
    def reachable(self) -> set[str]:
        """Return the addresses that may be written to."""
        return {each for each in (self.number, self.email) if each}

    @property
    def known(self) -> set[str]:
        """Return every address that can be read in what is now said of the person."""
        return set(read_phone(self.fields.shown.get("phone")).every) | self.reachable


class Told:
    """All that was heard of one incident."""

    def __init__(self) -> None:
        self.fields = Fields()
        self.people: dict[str, Person] = {}
        self.words: set[Item] = set()
        self.latches: dict[str, datetime] = {}
        self.first_told: dict[tuple[str, tuple[str, ...]], datetime] = {}
        self.ever_led: dict[str, datetime] = {}
        self.ever_at: set[str] = set()
        self.as_of: datetime | None = None
        self.heard_at: datetime | None = None
        self.doubtful = False
        """Whether an update was rejected that told more than words, latches and unsafe people."""

    @property
    def facts(self) -> dict[str, Any]:
        """Return the latest value of each field."""
        return self.fields.shown

    @property
    def overfull(self) -> bool:
        """Tell whether so much was said that nobody can judge it; the documents don't say from how much on."""
        return len(self.people) > MOST_PEOPLE // 2 or len(self.words) > MOST_WORDS // 2

    def hear(self, body: Body, source: str, rejected: bool, now: datetime) -> None:
        """Take an update; of a rejected one that holds which can stop a text."""
        as_of = body["as_of"] if isinstance(body["as_of"], datetime) and body["as_of"].tzinfo else now
        self.words.update(told_in(body))
        self.latches |= {
            name: max(as_of, self.latches.get(name, as_of)) for name in LATCHES if says_yes(body.get(name))
        }
        sequence = 0 if rejected else body.get("sequence", 0)
        for name, value in body.items():
            if name in NEVER_MIND or name in LATCHES or (rejected and not _stops(name, value)):
                continue
            self.doubtful = self.doubtful or rejected
            self.fields.hear(name, value, as_of, sequence, source)
            self._first(name, value, as_of)
        for party in body.get("reporting_parties") or ():
            self._hear_person(party, source, rejected, as_of, sequence)
        later = self.as_of is None or as_of > self.as_of
        self.as_of = max(as_of, self.as_of or as_of)
        self.heard_at = now if later else self.heard_at

    def unsafe(self, party_id: str) -> bool:
        """Tell whether somebody ever said that contact with the person is not safe."""
        return party_id in self.people and self.people[party_id].unsafe_as_of is not None

    def _first(self, name: str, value: Any, as_of: datetime) -> None:
        if name == "linked_to" and value and value["relation"] != "related":
            named = value["incident_number"]
            self.ever_led[named] = min(as_of, self.ever_led.get(named, as_of))
        if name in ("dispositions", "case_numbers") and value:
            key = name, tuple(value)
            self.first_told[key] = min(as_of, self.first_told.get(key, as_of))

    def _hear_person(self, party: Body, source: str, rejected: bool, as_of: datetime, sequence: int) -> None:
        unsafe = says_no(party.get("safe_to_contact"))
        phone, email = read_phone(party.get("phone")), party.get("email")
        reached = {*phone.every, *([email] if email else [])}
        self.ever_at |= reached
        if rejected and not (unsafe or party["party_id"] in self.people):
            return
        person = self.people.setdefault(party["party_id"], Person())
        person.ever |= reached
        if unsafe:
            person.unsafe_as_of = max(as_of, person.unsafe_as_of or as_of)
        for name in () if rejected else ("role", "contact_kind", "phone", "email"):
            if name in party:
                person.fields.hear(name, party[name], as_of, sequence, source)


def _stops(name: str, value: Any) -> bool:
    """Tell whether a fact can only stop a text, so that it holds although its update was rejected."""
    return bool(value) and (name in STOPS or value in _STOPPING.get(name, ()))
