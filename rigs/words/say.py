"""A phrase once it is read: as a regular expression, and word by word."""

from itertools import islice

from msgspec import Struct


class Letters(Struct, frozen=True):
    """A part of a word as a regular expression, and what it can be spelled as where that ends."""

    source: str
    spelled: tuple[str, ...] = ()


class Choice(Struct, frozen=True):
    """One of several ways to say something; each is a sequence of items between which there are spaces."""

    ways: tuple[tuple["Item", ...], ...]


class Item(Struct, frozen=True):
    """Parts without a space between, said from `least` to `most` times; None is without end."""

    parts: tuple["Letters | Choice", ...]
    least: int = 1
    most: int | None = 1


def inside(part: Item) -> tuple[Letters | Choice, ...]:
    """Return what an item is inside a word: optional letters, not optional words."""
    if (part.least, part.most) == (1, 1):
        return part.parts
    end = {(0, 1): "?", (0, None): "*", (1, None): "+"}.get((part.least, part.most))
    said = "".join(
        source(one) if isinstance(one, Choice) and len(part.parts) == 1 else _part_source(one) for one in part.parts
    )
    spelled = (*_spelled(part.parts, 99), "") if end == "?" else ()
    return (Letters(f"(?:{said}){end}", spelled),)


# As a regular expression


def source(choice: Choice) -> str:
    """Return a regular expression that matches what a phrase can say."""
    return "|".join(map(_way_source, choice.ways))


def _way_source(items: tuple[Item, ...]) -> str:
    first = next((place for place, item in enumerate(items) if item.least), None)
    if first is None:
        return "|".join(_way_source((_sure(item), *items[place + 1 :])) for place, item in enumerate(items))
    before = "".join(_times(f"{_core(item)} ", item.least, item.most) for item in items[:first])
    return before + _said(items[first]) + "".join(map(_after, items[first + 1 :]))


def _sure(item: Item) -> Item:
    return Item(item.parts, 1, item.most)


def _said(item: Item) -> str:
    core = _core(item)
    most = None if item.most is None else item.most - 1
    return core if most == 0 else core + _times(f" {core}", item.least - 1, most)


def _after(item: Item) -> str:
    return _times(f" {_core(item)}", item.least, item.most)


def _times(core: str, least: int, most: int | None) -> str:
    ends = {(1, 1): "", (0, 1): "?", (0, None): "*", (1, None): "+"}
    end = ends.get((least, most), f"{{{least},{most}}}")
    return f"(?:{core}){end}" if end else core


def _core(item: Item) -> str:
    return "".join(map(_part_source, item.parts))


def _part_source(part: Letters | Choice) -> str:
    if isinstance(part, Letters):
        return part.source
    return source(part) if len(part.ways) == 1 and _sure_once(part.ways[0]) else f"(?:{source(part)})"


def _sure_once(items: tuple[Item, ...]) -> bool:
    """Tell whether a sequence needs no brackets of its own: some of it is always said."""
    return any(item.least for item in items)


# As a list of exact phrases


def spelled_out(choice: Choice, most: int) -> tuple[str, ...]:
    """Return all that a phrase can say, or nothing where that is without end, or more than so many phrases."""
    said = tuple(islice(dict.fromkeys(text for way in choice.ways for text in _spelled_way(way, most)), most + 1))
    return said if len(said) <= most and all(way_ends(way) for way in choice.ways) else ()


def way_ends(items: tuple[Item, ...]) -> bool:
    """Tell whether a sequence can say only so many things."""
    return all(item.most == 1 and all(map(_part_ends, item.parts)) for item in items)


def _part_ends(part: Letters | Choice) -> bool:
    return bool(part.spelled) if isinstance(part, Letters) else all(map(way_ends, part.ways))


def _spelled_way(items: tuple[Item, ...], most: int) -> tuple[str, ...]:
    said: tuple[str, ...] = ("",)
    for item in items:
        one = _spelled(item.parts, most)
        here = one if item.least else ("", *one)
        said = tuple(islice((f"{before} {text}".strip() for before in said for text in here), most + 1))
    return said


def _spelled(parts: tuple[Letters | Choice, ...], most: int) -> tuple[str, ...]:
    said: tuple[str, ...] = ("",)
    for part in parts:
        ways = part.spelled if isinstance(part, Letters) else tuple(t for w in part.ways for t in _spelled_way(w, most))
        said = tuple(islice((before + text for before in said for text in ways), most + 1))
    return said
