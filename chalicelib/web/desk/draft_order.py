"""The order of a list of tables in a draft: a press moves an entry one place up or down, and a choice takes one out."""

import tomllib
from typing import TYPE_CHECKING

from chalicelib.web.desk.choice import choice
from chalicelib.web.desk.draft_forms import Data
from chalicelib.web.desk.visit import Visit

if TYPE_CHECKING:
    from chalicelib.insight.settings.locate import Path


def reordered(visit: Visit, text: str, data: Data, path: "Path") -> str:
    """Return a text with a list in the order that a form asks for, and without what it takes out. UnknownChoice.

    `data` are the settings as the form showed them; entries are counted from 1.
    """
    from chalicelib.insight.settings.edit import value_at
    from chalicelib.insight.settings.entries import ordered, without_entry

    entries = value_at(data, path)
    many = len(entries) if isinstance(entries, list) and all(isinstance(one, dict) for one in entries) else 0
    numbers = range(1, many + 1)
    move = choice(visit.asked.form, "move", ("", *(way for number in numbers for way in _ways(number, many))))
    out = choice(visit.asked.form, "out", ("", *map(str, numbers)))
    if move:
        number, _, way = move.partition(".")
        one, other = int(number) - 1, int(number) - 1 + (-1 if way == "up" else 1)
        order = list(range(len(value_at(tomllib.loads(text), path))))
        order[one], order[other] = other, one
        return ordered(text, path, order)
    return without_entry(text, path, int(out) - 1) if out else text


def _ways(number: int, many: int) -> list[str]:
    return [f"{number}.{way}" for way, there in (("up", number > 1), ("down", number < many)) if there]
