"""The values of dispatch that nobody has judged, each with the calls that came with it. Pure.

A call counts once for each of its values: what is new at it is found where it is decided, and stands in its item.
"""

import hashlib
import zlib
from collections.abc import Iterable
from datetime import datetime
from typing import get_args

from msgspec import Struct

from chalicelib.domain.incidents.update import Evidence
from chalicelib.domain.ledger.addresses import has_address, is_of_an_address
from chalicelib.domain.settings.judgements import JudgedField
from chalicelib.domain.text import normal

LONGEST_VALUE = 30
"""Words. The longest meaning that we know of a published code list, APCO's, has 22."""

LONGEST_TEXT = 400
"""Characters of what a judgement may name."""

EXAMPLES = 3

_FIELDS = frozenset(get_args(JudgedField))


class Came(Struct, frozen=True, kw_only=True):
    """A value that nobody had judged when it came: in so many calls, since when, when last, and in which of them."""

    item: Evidence
    calls: int
    since: datetime
    heard_at: datetime
    examples: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """Return the short name of the value."""
        return value_id(self.item)

    @property
    def place(self) -> tuple[int, str]:
        """Return where it stands in the list: the most frequent first."""
        return -self.calls, self.id


class Heard(Struct, frozen=True):
    """A value and the calls, by what staff know them by, that came with it in one batch."""

    item: Evidence
    calls: tuple[str, ...]

    @property
    def id(self) -> str:
        """Return the short name of the value."""
        return value_id(self.item)

    @property
    def shown(self) -> dict[int, str]:
        """Return a call for each place of an example, none with a phone for a number; the latest are kept."""
        told = (number for number in self.calls if not is_of_an_address(number))
        return {zlib.crc32(number.encode()) % EXAMPLES: number for number in told}


def value_id(item: Evidence) -> str:
    """Return the short name of a value, as values are compared: 64 bits, in hex."""
    compared = "\0".join((item.field, normal(item.code), normal(item.text)))
    return hashlib.sha256(compared.encode()).hexdigest()[:16]


def can_be_listed(item: Evidence) -> bool:
    """Tell whether a value may stand in a list to judge: no sentence, nothing that is too long, and no phone or email.

    Each of these is free text, which no list can judge.
    """
    if item.field not in _FIELDS or not normal(item.code):
        return False
    if max(len(item.code), len(item.text)) > LONGEST_TEXT or is_sentence(item):
        return False
    return not (has_address(item.code) or has_address(item.text))


def is_sentence(item: Evidence) -> bool:
    """Tell whether a value has so many words that it is a sentence."""
    return len(normal(item.text or item.code).split()) > LONGEST_VALUE


def by_value(found: Iterable[tuple[Evidence, str]]) -> tuple[Heard, ...]:
    """Return values with the calls that came with each, in the order of their short names."""
    items: dict[str, Evidence] = {}
    calls: dict[str, list[str]] = {}
    for item, number in found:
        name = value_id(item)
        items.setdefault(name, item)
        calls.setdefault(name, []).append(number)
    return tuple(Heard(items[name], tuple(calls[name])) for name in sorted(items))
