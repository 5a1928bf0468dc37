"""Lists where one word about the nature is expected: the first is the field's value, the others are words too."""

from collections.abc import Mapping
from typing import Any

import msgspec
from msgspec import Raw

from chalicelib.domain.incidents.facts import MOST_ENTRIES
from chalicelib.domain.incidents.update import Evidence
from chalicelib.inbound.cad.loosely import evidence

LONGEST_CODE, LONGEST_TEXT = 64, 400
WORDS = {
    "incident_type": LONGEST_CODE,
    "incident_type_description": LONGEST_TEXT,
    "type_modifier": LONGEST_TEXT,
    "initial_type": LONGEST_TEXT,
}
"""Fields of one word about the nature, and how long it may be."""


def split_several(told: Mapping[str, Raw]) -> tuple[dict[str, Raw], frozenset[Evidence]]:
    """Return an update's lists of words as their first words, by field, and all the other words.

    A list that holds anything but words of bearable length is left as it is: then its field is refused by name.
    """
    first, others = dict[str, Raw](), set[Evidence]()
    for name in told.keys() & WORDS.keys():
        several = _list(told[name])
        if several is None or len(several) > MOST_ENTRIES or not all(_fits(word, WORDS[name]) for word in several):
            continue
        words = [word for word in several if word.strip()]
        first[name] = Raw(msgspec.json.encode(words[0] if words else None))
        others |= evidence({name: words[1:]})
    return first, frozenset(others)


def fitting(name: str, several: list[Any]) -> list[str]:
    """Return as many words of a list as an update may have."""
    return [word for word in several if _fits(word, WORDS[name])][:MOST_ENTRIES]


def _list(raw: Raw) -> list[Any] | None:
    written = bytes(raw)
    return msgspec.json.decode(written, type=list[Any]) if written.lstrip().startswith(b"[") else None


def _fits(word: Any, longest: int) -> bool:
    return isinstance(word, str) and len(word) <= longest
