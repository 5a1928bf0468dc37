"""Releases: a person allows what was known then. A word that goes and comes back holds the incident again."""

from collections.abc import Iterable
from datetime import datetime

from rigs.floor.oracle.told import SINGLE, Body, Told
from rigs.floor.oracle.words import Item, told_in


class Released:
    """A release of the sensitive words of one incident, and what was said since.

    `unclear` says that something was said since of which the documents don't tell whether it is a new word.
    """

    def __init__(self, words: Iterable[Item], told: Told) -> None:
        self.known_until = told.as_of
        self._words = set(words)
        self._standing = {field: _now(field, told) for field in SINGLE}
        self._gone = {field for field in SINGLE if self._standing[field] is None}
        self.back = set[Item]()
        self.unclear = False

    @property
    def covered(self) -> set[Item]:
        """Return the words that the release allows."""
        return self._words - self.back

    def after(self, body: Body, rejected: bool, as_of: datetime | None) -> None:
        """Hear what is said after the release."""
        said = [*told_in(body)]
        covered = {item for item in said if item in self._words}
        if rejected or as_of is None or self.known_until is None or as_of <= self.known_until:
            # A clock that was ahead, or a word that comes late: who can say whether it took another back?
            self.unclear = self.unclear or bool(covered) or any(field in body for field in SINGLE)
            return
        self.unclear = self.unclear or any(item.field not in SINGLE for item in covered)
        self.known_until = as_of
        for field in SINGLE:
            mine = [item for item in said if item.field == field]
            told = field in body or (field == "incident_type" and "incident_type_description" in body)
            for item in mine:
                if item in covered and (field in self._gone or not _agree(item, self._standing[field])):
                    self.back.add(item)
            if told and (not mine or not all(_agree(item, self._standing[field]) for item in mine)):
                self._gone.add(field)


def _now(field: str, told: Told) -> Item | None:
    if field == "incident_type":
        code, text = told.facts.get(field) or "", told.facts.get("incident_type_description") or ""
    else:
        code, text = "", told.facts.get(field) or ""
    return Item(field, code, text) if code or text else None


def _agree(part: Item, whole: Item | None) -> bool:
    return whole is not None and part.code in ("", whole.code) and part.text in ("", whole.text)
