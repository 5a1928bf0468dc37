"""The judged vocabulary: each value that dispatch uses for an incident's nature, as people of the agency judged it.

An incident is texted about only if every word about its nature was judged. A value that nobody judged is silent. So is
one that can't be read. A pattern allows a type, it never judges it.

A judgement is of a field and a value, compared exactly in their normal form. A type is judged by its code and meaning.
"""

from collections.abc import Hashable, Iterable, Iterator
from functools import cached_property
from hashlib import sha256
from typing import Annotated, Literal, NamedTuple, TypeVar, get_args

import msgspec
from msgspec import Meta, Struct

from chalicelib.domain.incidents.update import TYPES, Evidence
from chalicelib.domain.settings.meaning import lacks_meaning
from chalicelib.domain.text import normal, readable

JudgedField = Literal["incident_type", "type_modifier", "offenses", "dispositions"]
Verdict = Literal["dull", "after_close", "welfare", "never", "sensitive"]
Verdicts = frozenset[Verdict]

VERDICTS: tuple[Verdict, ...] = get_args(Verdict)
LETS: Verdicts = frozenset({"dull", "after_close", "welfare"})
"""The verdicts that let a text go: each needs the names of two people."""

JUDGES = 2
"""How many people must have judged what a text may be about."""

MOST_JUDGED = 5_000
"""More values than this are no list: they are free text, which nobody can judge."""

_REMEMBERED = 10_000
"""Judging must be a look-up. Descriptions never end, so what is remembered is forgotten beyond this."""

Key = tuple[str, str, str]
KeyT = TypeVar("KeyT", bound=Hashable)


class Judgement(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """One value of one field, and what people of the agency say of it; `meaning` is what a code stands for."""

    field: JudgedField
    value: Annotated[str, Meta(max_length=400)] = ""
    meaning: Annotated[str, Meta(max_length=400)] = ""
    verdicts: Annotated[Verdicts, Meta(min_length=1)]
    judged_by: tuple[Annotated[str, Meta(min_length=2, max_length=80)], ...] = ()
    reason: Annotated[str, Meta(max_length=400)] = ""

    def __post_init__(self) -> None:
        """Refuse what is no judgement, by name."""
        for problem in self._problems():
            raise ValueError(problem)

    @property
    def name(self) -> str:
        """Return the value as people read it: a code with its meaning."""
        return " = ".join(dict.fromkeys(part for part in (self.value, self.meaning) if part))

    @property
    def key(self) -> Key:
        """Return the field, value and meaning in their normal form: judgements of one value have the same."""
        return self.field, normal(self.value), normal(self.meaning)

    @property
    def lets(self) -> bool:
        """Tell whether a text may go because of it."""
        return bool(self.verdicts & LETS)

    @property
    def judges(self) -> frozenset[str]:
        """Return the different people who judged it."""
        return people(self.judged_by)

    def _problems(self) -> Iterator[str]:
        if not self.value and not self.meaning:
            yield "value: empty: a judgement is of a value"
        if self.value and not normal(self.value):
            yield f"value: {self.value!r} has nothing that can be compared"
        if self.lets and self.verdicts & {"never", "sensitive"}:
            yield f"verdicts: {self.name} can't be both texted about and never texted about"
        if not self.lets:
            return
        if not (readable(self.value) and readable(self.meaning)):
            yield f"value: {self.name} can't be read, so nobody can judge it"
        if lacks_meaning(self.field, self.value, self.meaning):
            yield f"meaning: missing: {self.value} says nothing by itself, so it can't be judged dull"
        if len(self.judges) < JUDGES:
            yield f"judged_by: {self.name} needs the names of two people to be {' and '.join(sorted(self.verdicts))}"


class Judgements(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, dict=True):
    """All that an agency has judged. Empty, it lets nothing go."""

    entries: Annotated[tuple[Judgement, ...], Meta(max_length=MOST_JUDGED)] = ()

    def __post_init__(self) -> None:
        """Refuse a value that is judged twice, since one of the two would be lost, and what is no list."""
        if len(self.entries) > MOST_JUDGED:
            raise ValueError(f"entries: more than {MOST_JUDGED} values are free text, which nobody can judge")
        seen = set[Key]()
        for entry in self.entries:
            if entry.key in seen:
                raise ValueError(f"entries: {entry.field} {entry.name} is judged twice")
            seen.add(entry.key)

    @cached_property
    def digest(self) -> str:
        """Return the name of this set: the same judgements have the same name, in whatever order they stand."""
        return sha256(b"\n".join(map(_written, self.in_order))).hexdigest()

    @cached_property
    def in_order(self) -> tuple[Judgement, ...]:
        """Return the judgements in an order of their own: parts of one set that were stored twice fit together."""
        return tuple(sorted(self.entries, key=_written))

    @cached_property
    def judged_dispositions(self) -> bool:
        """Tell whether dispositions say something of an incident's nature here: then each must be judged."""
        return any(entry.field == "dispositions" for entry in self.entries)

    def of(self, item: Evidence, listed_meaning: str = "") -> Verdicts:
        """Return the verdicts on what one update said of the nature; none where nobody judged it.

        `listed_meaning` is what the code list says of the code. A description that equals it is judged with the code.
        """
        return self._known(item, listed_meaning).verdicts

    def excuses(self, item: Evidence, listed_meaning: str = "") -> bool:
        """Tell whether two people gave a reason why words that look sensitive are not, for this very value."""
        return self._known(item, listed_meaning).excused

    def meanings(self, item: Evidence) -> tuple[str, ...]:
        """Return the meanings by which a bare code was let go without a reason: the word lists read those too."""
        if item.code and item.text:
            return ()
        name = normal(item.code or item.text)
        found = self._by_code.get(name, ()) if item.field in TYPES else self._by_value.get((item.field, name), ())
        return tuple(entry.meaning for entry in found if entry.lets and not entry.reason)

    def knows(self, code: str) -> bool:
        """Tell whether a type's code was judged, with whatever meaning."""
        return normal(code) in self._by_code

    def silences(self, code: str) -> bool:
        """Tell whether a type's code was judged, and never so that a text may go."""
        found = self._by_code.get(normal(code), ())
        return bool(found) and not any(entry.lets for entry in found)

    def _known(self, item: Evidence, listed_meaning: str) -> "_Found":
        known = self._remembered.get((item, listed_meaning))
        if known is None:
            if len(self._remembered) >= _REMEMBERED:
                self._remembered.clear()
            known = self._remembered[item, listed_meaning] = _found(self._entries(item, listed_meaning))
        return known

    def _entries(self, item: Evidence, listed_meaning: str) -> tuple[Judgement, ...]:
        can_be_read = readable(item.code) and readable(item.text)
        if item.field in TYPES:
            found = self._of_type(item.code, item.text, listed_meaning)
        else:
            found = self._by_value.get((item.field, normal(item.code or item.text)), ())
        return tuple(entry for entry in found if can_be_read or not entry.lets)

    def _of_type(self, code: str, text: str, listed_meaning: str) -> tuple[Judgement, ...]:
        """Return the judgements of a type: of its code with its meaning; of a description alone, by that meaning."""
        by_text = () if code else self._by_meaning.get(normal(text), ())
        name, said = normal(code or text), normal(text if code else "")
        meaning = said if said not in {"", name} else normal(listed_meaning)
        of_code = self._by_code.get(name, ())
        fitting = tuple(entry for entry in of_code if not meaning or normal(entry.meaning) == meaning)
        always_silent = () if any(entry.lets for entry in of_code) else of_code
        return (*fitting, *always_silent, *by_text)

    @cached_property
    def _remembered(self) -> dict[tuple[Evidence, str], "_Found"]:
        return {}

    @cached_property
    def _by_value(self) -> dict[tuple[str, str], tuple[Judgement, ...]]:
        return _grouped(((entry.field, normal(entry.value)), entry) for entry in self.entries)

    @cached_property
    def _by_code(self) -> dict[str, tuple[Judgement, ...]]:
        return _grouped((normal(entry.value), entry) for entry in self._types if entry.value)

    @cached_property
    def _by_meaning(self) -> dict[str, tuple[Judgement, ...]]:
        return _grouped((normal(entry.meaning), entry) for entry in self._types if entry.meaning)

    @cached_property
    def _types(self) -> tuple[Judgement, ...]:
        return tuple(entry for entry in self.entries if entry.field == "incident_type")


def people(names: Iterable[str]) -> frozenset[str]:
    """Return the different people behind names, however each is written: "Ruiz, Ana" is Ana Ruiz."""
    told = {frozenset(normal(name).split()): normal(name) for name in names}
    return frozenset(told.values()) - {""}


def _written(entry: Judgement) -> bytes:
    return msgspec.json.encode(entry, order="deterministic")


class _Found(NamedTuple):
    verdicts: Verdicts
    excused: bool


def _found(entries: tuple[Judgement, ...]) -> _Found:
    verdicts = frozenset[Verdict]().union(*(entry.verdicts for entry in entries))
    return _Found(verdicts, bool(entries) and all(entry.lets and entry.reason for entry in entries))


def _grouped(pairs: Iterable[tuple[KeyT, Judgement]]) -> dict[KeyT, tuple[Judgement, ...]]:
    found: dict[KeyT, tuple[Judgement, ...]] = {}
    for key, entry in pairs:
        found[key] = (*found.get(key, ()), entry)
    return found
