"""Releases: a person allows what the rules hold back, with a name and a reason."""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal, Self

from msgspec import Struct
from msgspec.structs import replace

from chalicelib.domain.incidents.update import Evidence, Update

Releasable = Literal["sensitive", "juvenile", "do_not_contact", "unsafe", "mass_call"]

_SINGLE = frozenset({"incident_type", "type_modifier", "initial_type"})
"""The fields that hold one word about the nature at a time."""


class Said(Struct, frozen=True, array_like=True):
    """The first and the last time at which a word was said after a release."""

    first: datetime
    last: datetime

    def also(self, at: datetime) -> "Said":
        """Return it with one more time."""
        return Said(min(self.first, at), max(self.last, at))


class Release(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One release: it covers what was known then; a later word about it holds the incident again.

    For a sensitive incident, `evidence` has the words that were judged. For an unsafe party, `party_id` names it.
    `known_until` is the time of the latest word that had been heard: about the latch, the unsafe party or, for a
    sensitive incident, about anything.

    A dispatch system repeats a word in each snapshot, which is no new word. It is one if another word of the same
    field stood in between, or none. So `standing` are the words that held at the release, and `said` says for each
    later word when it was said. `followers` are the duplicates that were known, and `again` the judged words that a
    new one brought. A release of an earlier version has no `standing`.
    """

    what: Releasable
    author: str
    reason: str
    at: datetime
    party_id: str = ""
    evidence: frozenset[Evidence] = frozenset()
    known_until: datetime | None = None
    standing: frozenset[Evidence] | None = None
    said: tuple[tuple[Evidence, Said], ...] = ()
    followers: frozenset[str] = frozenset()
    again: frozenset[Evidence] = frozenset()

    @property
    def covered(self) -> frozenset[Evidence]:
        """Return the judged words that were not said again since."""
        said = dict(self.said)
        return frozenset(item for item in self.evidence - self.again if not self._again(item, said))

    def after(self, update: Update) -> Self:
        """Return the release after an update that may say a judged word again; the order of updates does not matter."""
        since = self.known_until or self.at
        if self.what != "sensitive" or update.as_of <= since:
            return self
        known = dict(self.said)
        words = update.evidence | {Evidence(field) for field in _SINGLE if update.facts.get(field, "") is None}
        told = {item: known[item].also(update.as_of) if item in known else _once(update) for item in words}
        return replace(self, said=tuple(sorted({**known, **told}.items(), key=_name)))

    def after_joining(self, number: str, evidence: frozenset[Evidence]) -> Self:
        """Return the release after another incident joined: a duplicate that is new says each of its words anew."""
        if self.what != "sensitive" or number in self.followers:
            return self
        return replace(self, again=self.again | (evidence & self.evidence))

    def _again(self, item: Evidence, said: Mapping[Evidence, Said]) -> bool:
        if item not in said:
            return False
        if self.standing is not None and not any(_agree(item, other) for other in self.standing):
            return True
        return any(_replaces(other, item) and times.first < said[item].last for other, times in said.items())


def _agree(part: Evidence, whole: Evidence) -> bool:
    """Tell whether one update's words are part of what holds: an update may have a code or a description alone."""
    return part.field == whole.field and part.code in ("", whole.code) and part.text in ("", whole.text)


def _replaces(other: Evidence, item: Evidence) -> bool:
    """Tell whether another word takes the place of one; a field that is a list holds both."""
    if other.field != item.field or item.field not in _SINGLE:
        return False
    cleared = not (other.code or other.text)
    return cleared or _differ(other.code, item.code) or _differ(other.text, item.text)


def _differ(one: str, other: str) -> bool:
    return bool(one and other and one != other)


def _once(update: Update) -> Said:
    return Said(update.as_of, update.as_of)


def _name(entry: tuple[Evidence, Said]) -> Evidence:
    return entry[0]
