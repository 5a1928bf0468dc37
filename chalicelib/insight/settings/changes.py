"""What two settings say differently, setting by setting, in words. Pure.

Some settings show on no past call: retention, mailboxes, shadow. Whoever publishes must see those too.
"""

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import Any

from msgspec import Struct

from chalicelib.domain.settings.agency import Agency
from chalicelib.domain.settings.incident_types import IncidentType, LanguageWords
from chalicelib.insight.settings.finding import field_name
from chalicelib.insight.settings.locate import Path

_APART = frozenset({"version", "judgements"})
"""Fields that are numbered by publishing, or are told by their counts."""

LONGEST = 60
NOTHING = "nothing"


def changes(before: Agency, after: Agency) -> tuple[str, ...]:
    """Return each setting that differs in a line: its name as a file has it, what it was, and what it is."""
    return (*_of_struct((), before, after), *_judged(before, after))


def _of_struct(path: Path, was: Struct, now: Struct) -> Iterator[str]:
    for name in was.__struct_fields__:
        if path or name not in _APART:
            yield from _of((*path, name), getattr(was, name), getattr(now, name))


def _of(path: Path, was: Any, now: Any) -> Iterator[str]:
    if was == now:
        return
    if LanguageWords in (type(was), type(now)):  # each text is a change of its own
        was, now = was or LanguageWords(), now or LanguageWords()
    if isinstance(was, Struct) and type(was) is type(now):
        yield from _of_struct(path, was, now)
    elif isinstance(was, Mapping) and isinstance(now, Mapping):
        for key in sorted({*was, *now}, key=str):
            yield from _of((*path, str(key)), was.get(key), now.get(key))
    elif isinstance(was, AbstractSet) and isinstance(now, AbstractSet):
        yield f"{field_name(path)}: {_gained_and_lost(was, now)}"
    elif _listed(was) and _listed(now):
        yield from _of_list(path, was, now)
    else:
        yield f"{field_name(path)}: {_told(was)} becomes {_told(now)}"


def _of_list(path: Path, was: tuple[Struct, ...], now: tuple[Struct, ...]) -> Iterator[str]:
    """Tell of entries by what they are called: one that moved has not changed.

    Their order is told apart, but not that of types, which means nothing.
    """
    known, wanted = ({_called(each): each for each in entries} for entries in (was, now))
    for name in dict.fromkeys((*known, *wanted)):
        if name not in wanted:
            yield f"{field_name(path)}: {name} is taken out"
        elif name not in known:
            yield f"{field_name(path)}: {name} is new"
        else:
            yield from _of_struct((*path, name), known[name], wanted[name])
    ordered = not any(isinstance(each, IncidentType) for each in (*was, *now))
    if ordered and [name for name in known if name in wanted] != [name for name in wanted if name in known]:
        yield f"{field_name(path)}: the order is now {', '.join(wanted)}"


def _listed(value: Any) -> bool:
    return isinstance(value, tuple) and all(isinstance(each, Struct) for each in value)


def _called(entry: Any) -> str:
    """Return what an entry of a list is known by: the codes of a type, the name of a city, the id of a question."""
    codes = getattr(entry, "codes", None)
    return ", ".join(codes) if codes else str(getattr(entry, "name", "") or getattr(entry, "id", "") or entry)


def _gained_and_lost(was: AbstractSet[Any], now: AbstractSet[Any]) -> str:
    gained, lost = (", ".join(sorted(map(str, names))) for names in (now - was, was - now))
    return "; ".join(filter(None, (f"has {gained} now" if gained else "", f"has {lost} no more" if lost else "")))


def _told(value: Any) -> str:
    if value is None or value == "" or (isinstance(value, tuple | Mapping) and not value):
        return NOTHING
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        text = ", ".join(map(str, value))
    elif isinstance(value, Struct):
        fields = ((name, getattr(value, name)) for name in value.__struct_fields__)
        text = ", ".join(f"{name} {_told(part)}" for name, part in fields)
    else:
        text = " ".join(str(value).split())
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def _judged(before: Agency, after: Agency) -> Iterator[str]:
    was, now = (
        {(each.field, each.value, each.meaning): each for each in one.judgements.entries} for one in (before, after)
    )
    new, gone = len(now.keys() - was.keys()), len(was.keys() - now.keys())
    other = sum(was[name] != now[name] for name in was.keys() & now.keys())
    told = ((new, "new"), (gone, "taken out"), (other, "judged otherwise"))
    if any(count for count, _ in told):
        yield "judgements: " + ", ".join(f"{count:,} {what}" for count, what in told if count)
