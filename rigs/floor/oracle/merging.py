"""The latest word of each field, as `docs/vendor/webhook.md` says it."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

from rigs.floor.oracle.addresses import PHONES

NEVER_MIND = frozenset({"update_id", "incident_number", "as_of", "sequence", "reporting_parties"})


class Word(NamedTuple):
    """A value and its place in the order of words: time, sequence, a fact before its absence, one that stops a text."""

    order: tuple[datetime, int, bool, bool]
    value: Any


class Fields:
    """The fields of an incident or a party. `unsure` says that the documents leave open which of two words counts."""

    def __init__(self) -> None:
        self._words: dict[str, dict[str, Word]] = {}
        self.shown: dict[str, Any] = {}
        self.unsure = False

    def hear(self, name: str, value: Any, as_of: datetime, sequence: int, source: str) -> None:
        """Take a word."""
        word = Word((as_of, sequence, value is not None, _stops(name, value)), value)
        by_source = self._words.setdefault(name, {})
        known = by_source.get(source)
        if known is not None and known.order == word.order and known.value != value:
            self.unsure = True
        if known is None or word.order > known.order:
            by_source[source] = word
        self.shown[name] = next(self._values(name), None)

    def _values(self, name: str) -> Iterator[Any]:
        words = self._words[name]
        for source in ("rms", "cad") if name == "case_numbers" else ("cad", "rms"):
            if source in words and words[source].value is not None:
                yield words[source].value


def _stops(name: str, value: Any) -> bool:
    """Tell whether a value stops a text which another value of the field would not stop."""
    if value is None:
        return False
    match name:
        case "response_mode":
            return bool(value != "in_person")
        case "origin":
            return bool(value == "officer_initiated")
        case "exercise":
            return bool(value)
        case "role":
            return bool(value == "witness")
        case "contact_kind":
            return bool(value != "personal")
        case "linked_to":
            return bool(value["relation"] != "related")
        case "phone":
            return PHONES[value].number is None
    return False
