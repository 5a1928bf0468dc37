"""The result of a query on a terminal of 80 columns."""

from collections.abc import Iterable
from itertools import compress
from typing import Any

from rich.console import JustifyMethod
from rich.table import Table
from rich.text import Text

from tenfour.common.screen import Screen

MOST_SHOWN = 200
LONGEST_WORD = 24
"""A longer one, such as a link in a comment, may be cut."""


def show(title: str, subtitle: str, names: tuple[str, ...], rows: tuple[tuple[Any, ...], ...], console: Screen) -> None:
    """Print a result: a table of the columns that differ, or lines where a table would cut words in pieces."""
    console.print(Text(title, style="bold"))
    console.print(subtitle)
    if not rows:
        console.print("Nothing was found.")
        return
    same = [len({row[place] for row in rows}) == 1 for place in range(len(names))]
    _print_lines(names, rows[0], same, console)
    differs = [not alike for alike in same]
    shown = rows[:MOST_SHOWN]
    if len(rows) > 1 and _width(names, shown, differs) <= console.width:
        console.print(_table(names, shown, differs, console.width))
    elif len(rows) > 1:
        for row in shown:
            console.print()
            _print_lines(names, row, differs, console)
    if len(rows) > MOST_SHOWN:
        console.print(f"… and {len(rows) - MOST_SHOWN:,} rows more: --csv or --json has them all.")


def _print_lines(names: tuple[str, ...], row: tuple[Any, ...], wanted: list[bool], console: Screen) -> None:
    for name, value in zip(compress(names, wanted), compress(row, wanted), strict=True):
        console.print(f"{name}: {_shown(value)}")


def _table(names: tuple[str, ...], rows: tuple[tuple[Any, ...], ...], wanted: list[bool], width: int) -> Table:
    table = Table()
    places = list(compress(range(len(names)), wanted))
    columns = {place: [row[place] for row in rows] for place in places}
    widths = [_longest_word(names[place], columns[place]) for place in places]
    whole = [max(len(_title(names[place])), *map(len, map(_shown, columns[place]))) for place in places]
    while 1 + sum(3 + each for each in widths) < width and sum(widths) < sum(whole):
        most = max(range(len(places)), key=lambda at: whole[at] - widths[at])
        widths[most] += 1
    for place, columns_width in zip(places, widths, strict=True):
        number = any(isinstance(cell, int | float) for cell in columns[place])
        justify: JustifyMethod = "right" if number else "left"
        table.add_column(_title(names[place]), justify=justify, overflow="fold", width=columns_width)
    for row in rows:
        table.add_row(*map(_shown, compress(row, wanted)))
    return table


def _width(names: tuple[str, ...], rows: tuple[tuple[Any, ...], ...], wanted: list[bool]) -> int:
    """Return the columns of a terminal that a table needs, so that its lines break between words alone."""
    columns = compress(range(len(names)), wanted)
    return 1 + sum(3 + _longest_word(names[place], [row[place] for row in rows]) for place in columns)


def _longest_word(name: str, cells: Iterable[Any]) -> int:
    words = f"{_title(name)} {' '.join(map(_shown, cells))}".split()
    return min(LONGEST_WORD, max(map(len, words)))


def _title(name: str) -> str:
    return name.replace("_", " ")


def _shown(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:,}"
    return "-" if value is None else f"{value:,}" if isinstance(value, int) else str(value)
