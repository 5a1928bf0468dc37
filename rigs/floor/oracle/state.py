"""All incidents under the settings in force: what is said of each, and what that forbids."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from rigs.floor.oracle.families import Families
from rigs.floor.oracle.judging import Judging
from rigs.floor.oracle.releases import Released
from rigs.floor.oracle.rules import WHILE_OPEN, Place, Raw, Rules
from rigs.floor.oracle.told import Person
from rigs.floor.oracle.words import Item, half, normal

T = TypeVar("T")


class Book:
    """One version of settings, as the oracle reads it."""

    def __init__(self, raw: Raw) -> None:
        self.raw, self.rules, self.judging = raw, Rules(raw), Judging(raw)


class State(Families):
    """What is known of every incident. Answers are remembered until something is heard."""

    def __init__(self, book: Book) -> None:
        super().__init__()
        self.book = book
        self.released: dict[tuple[str, str], Released | datetime] = {}
        self._answers: dict[tuple[str, str], Any] = {}

    def changed(self) -> None:
        """Forget answers: something was heard."""
        self._answers.clear()

    def place(self, number: str) -> Place:
        """Return the rules where an incident is."""
        return self._once("place", number, lambda one: self.book.rules.place(self.of(one).facts.get("beat")))

    def rule(self, number: str) -> Raw | None:
        """Return the settings' entry of an incident's type."""
        return self.place(number).type_of(self.of(number).facts.get("incident_type"))

    def words(self, number: str) -> set[Item]:
        """Return every word about an incident's nature, with those of its duplicates, that no release covers."""
        return self._once("words", number, self._words)

    def sensitive(self, number: str) -> bool:
        """Tell whether an incident is sensitive."""
        return self._once("sensitive", number, self._sensitive)

    def latched(self, number: str, name: str) -> bool:
        """Tell whether `juvenile` or `do_not_contact` holds."""
        known = self.released.get((number, name))
        said = [self.told[each].latches.get(name) for each in self.judged_with(number)]
        return any(at is not None and not (isinstance(known, datetime) and at <= known) for at in said)

    def bars(self, number: str) -> list[str]:
        """Return why nothing at all may be sent about an incident."""
        return self._once("bars", number, self._bars)

    def guarded(self, number: str) -> bool:
        """Tell whether nothing may be said before closing."""
        return self._once("guarded", number, self._guarded)

    def welfare(self, number: str) -> bool:
        """Tell whether it is about somebody's welfare."""
        return self._once("welfare", number, lambda one: any(map(self.book.judging.welfare, self._every(one))))

    def kind_bars(self, number: str, kind: str) -> list[str]:
        """Return why nobody may get this kind about an incident."""
        return self._once(f"{kind} bars", number, lambda one: self._kind_bars(one, kind))

    def family(self, number: str) -> list[str]:
        """Return an incident and all that are now duplicates of it, or of one of them."""
        return self._once("family", number, super().family)

    def _kind_bars(self, number: str, kind: str) -> list[str]:
        facts, rule = self.of(number).facts, self.rule(number)
        closed = facts.get("closed_at") or facts.get("cancelled_at")
        place = self.place(number)
        allowed = rule is not None and kind in place.notify(rule, facts.get("priority"))
        bars = {
            "not for its type": not allowed,
            "not live": rule is None or not place.live(rule, kind),
            "welfare": kind not in WHILE_OPEN and self.welfare(number),
            "over": kind in WHILE_OPEN and bool(closed or facts.get("arrived_at")),
            "to wait for its closing": (kind in WHILE_OPEN or not closed) and self.guarded(number),
        }
        return [name for name, holds in bars.items() if holds]

    def crowded(self, number: str) -> bool:
        """Tell whether so many called that a person must decide."""
        return self._once("crowded", number, self._crowded)

    def people(self, number: str) -> dict[tuple[str, str], Person]:
        """Return the people of an incident and its duplicates, by the incident's number and their own id."""
        return {(each, name): one for each in self.family(number) for name, one in self.of(each).people.items()}

    def unclear(self, number: str) -> bool:
        """Tell whether the documents leave open what may go about an incident: then nothing is owed."""
        return self._once("unclear", number, self._unclear)

    def _once(self, what: str, number: str, work_out: Callable[[str], T]) -> T:
        key = what, number
        if key not in self._answers:
            self._answers[key] = work_out(number)
        answer: T = self._answers[key]
        return answer

    def _every(self, number: str) -> set[Item]:
        return set[Item]().union(*(self.of(each).words for each in self.judged_with(number)))

    def _words(self, number: str) -> set[Item]:
        known = self.released.get((number, "sensitive"))
        every = self._every(number)
        return every - known.covered if isinstance(known, Released) else every

    def _sensitive(self, number: str) -> bool:
        return self.book.judging.sensitive(self.words(number), self.place(number).excused)

    def _guarded(self, number: str) -> bool:
        urgent = str(self.of(number).facts.get("priority")).upper() in self.book.rules.urgent
        return urgent or any(map(self.book.judging.guarded, self._every(number)))

    def _bars(self, number: str) -> list[str]:
        judging, facts = self.book.judging, self.of(number).facts
        bars = {
            "sensitive": self.sensitive(number),
            "not judged": any(map(judging.unjudged, self.words(number))),
            "never texted about": any(map(judging.never, self._every(number))),
            "of a juvenile": self.latched(number, "juvenile"),
            "not to be contacted about": self.latched(number, "do_not_contact"),
            "an exercise": bool(facts.get("exercise")),
            "begun by an officer": facts.get("origin") == "officer_initiated",
            "transferred": facts.get("transferred_to") is not None,
            "a duplicate": not self.speaks(number),
            "of no type": self.rule(number) is None,
        }
        return [name for name, holds in bars.items() if holds]

    def _crowded(self, number: str) -> bool:
        callers = [
            min(one.reachable, default=f"{each} {name}")
            for each in self.judged_with(number)
            for name, one in self.of(each).people.items()
            if one.fields.shown.get("role") in (None, "caller")
        ]
        many = len(set(callers)) >= self.book.rules.mass_call
        return many and (number, "mass_call") not in self.released

    def in_doubt(self, number: str) -> bool:
        """Tell whether something was said since a release of which nobody can say whether it is new."""
        known = self.released.get((number, "sensitive"))
        if not isinstance(known, Released):
            return False
        said = {word for item in self._every(number) for word in normal(f"{item.code} {item.text}").split()}
        return known.unclear or half(said) or any(map(self.book.judging.unjudged, known.covered))

    def _unclear(self, number: str) -> bool:
        told = [self.told[each] for each in self.family(number) if each in self.told]
        return (
            self.in_doubt(number)
            or set(filter(self.heard_of, self.ever(number))) != set(self.family(number))
            or any(one.fields.unsure or one.overfull or one.doubtful for one in told)
            or any(person.fields.unsure for one in told for person in one.people.values())
        )
