"""The nature of the values that dispatch sends, written by hand from `docs/agency/notifications.md`."""

import unicodedata
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from functools import lru_cache
from itertools import chain
from typing import Any, NamedTuple

SENSITIVE, GUARDED, WELFARE, DULL = "sensitive", "guarded", "welfare", "dull"

CODES = {
    "NOISE": ("Loud music", DULL),
    "THEFT": ("Bicycle taken", DULL),
    "PARK-DW": ("Parked car", DULL),
    "S1": ("Street light out", DULL),
    "NEWCODE": ("Something new", DULL),
    "DISTURB": ("Disturbance", DULL),
    "WELFARE": ("Welfare check", WELFARE),
    "OPEN LINE": ("Open line", GUARDED),
    "DV": ("Domestic violence", SENSITIVE),
    "ASSAULT": ("Somebody was hit", SENSITIVE),
    "245": ("Blue door", SENSITIVE),
}
"""Codes of types, each with its meaning."""

MODIFIERS = {
    "Cold report, no injuries": DULL,
    "Front gate": DULL,
    "Family": DULL,
    "In progress": GUARDED,
    "Caller is bleeding": GUARDED,
    "Keep the peace": WELFARE,
    "Domestic violence": SENSITIVE,
    "Pelea con navaja": SENSITIVE,
    "Man with a gun": SENSITIVE,
    "Niña sola": SENSITIVE,
    "Custody exchange": SENSITIVE,
}
OFFENSES = {
    "23F": ("Theft from a car", DULL),
    "35A": ("Something else", DULL),
    "13A": ("", SENSITIVE),
    "11A": ("", SENSITIVE),
}
DISPOSITIONS = {"HAN": DULL, "RPT": DULL, "GOA": DULL, "CAN": DULL, "???": DULL, "DV REPORT": SENSITIVE}
_TOGETHER = (frozenset({"family"}), frozenset({"disturbance", "disturb"}))
"""Words that are sensitive only where an incident has one of each."""

_LISTS = ("incident_type", "offenses", "dispositions")


class Item(NamedTuple):
    """One word of one update about the incident's nature; a type has a code, a description, or both."""

    field: str
    code: str
    text: str


@lru_cache(maxsize=8192)
def normal(text: str) -> str:
    """Return a value as it is compared: without regard to case, accents, blanks and separators."""
    bare = unicodedata.normalize("NFKD", text).casefold()
    kept = "".join(" " if not each.isalnum() else each for each in bare if not unicodedata.combining(each))
    return " ".join(kept.split())


@lru_cache(maxsize=8192)
def readable(text: str) -> bool:
    """Tell whether a person can read it: Latin letters, none of them lost."""
    letters = (each for each in text if each.isalpha() and not each.isascii())
    return "\ufffd" not in text and "??" not in text and all("LATIN" in unicodedata.name(each, "") for each in letters)


_NATURE = {normal(word): nature for word, nature in (*MODIFIERS.items(), *DISPOSITIONS.items())}
_NATURE |= {normal(code): nature for code, (_, nature) in (*CODES.items(), *OFFENSES.items())}
_NATURE |= {normal(meaning): DULL for meaning, _ in CODES.values()}
_NATURE |= {normal("Welfare check"): WELFARE, normal("Open line"): GUARDED, normal("Domestic violence"): SENSITIVE}


def nature(text: str) -> str:
    """Return what the word lists make of a value."""
    return _NATURE.get(normal(text), DULL)


def together(read: AbstractSet[str]) -> bool:
    """Tell whether words are sensitive beside each other."""
    return all(read & half for half in _TOGETHER)


def half(read: AbstractSet[str]) -> bool:
    """Tell whether a word among them may be sensitive beside another."""
    return any(read & half for half in _TOGETHER)


def told_in(body: Mapping[str, Any]) -> Iterator[Item]:
    """Yield what an update says of the nature, whatever the JSON type of its fields."""
    codes, texts = _texts(body.get("incident_type")), _texts(body.get("incident_type_description"))
    if len(codes) == 1 and len(texts) == 1 and isinstance(body["incident_type"], str):
        yield Item("incident_type", codes[0], texts[0])
    else:
        yield from (Item("incident_type", code, "") for code in codes)
        yield from (Item("incident_type", "", text) for text in texts)
    yield from (Item("initial_type", "", text) for text in _texts(body.get("initial_type")))
    yield from (Item("type_modifier", "", text) for text in _texts(body.get("type_modifier")))
    yield from (Item("offenses", code, "") for code in _texts(body.get("offenses")))
    yield from (Item("dispositions", "", text) for text in _texts(body.get("dispositions")))


def says_yes(value: object) -> bool:
    """Tell whether a latch is set, in whatever form dispatch wrote it."""
    return any(each.casefold() in {"true", "t", "yes", "y", "1"} for each in _texts(value))


def says_no(value: object) -> bool:
    """Tell whether something is denied, in whatever form dispatch wrote it."""
    return any(each.casefold() in {"false", "f", "no", "n", "0"} for each in _texts(value))


def _texts(value: object) -> list[str]:
    if isinstance(value, list | tuple):
        return list(chain.from_iterable(map(_texts, value)))
    return [str(value).strip()] if value is not None and str(value).strip() else []
