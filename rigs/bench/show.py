"""Show the measurements as one table: in a terminal, and in the page that keeps it."""

from collections.abc import Sequence
from pathlib import Path

from rich.table import Table

from rigs.bench.figures import Figure
from tenfour.common.screen import Screen

BEGIN, END = "<!-- measured by `make bench` -->\n", "<!-- end of what was measured -->\n"
_COLUMNS = ("what", "figure", "beside", "that", "ratio", "at most")


def show(figures: Sequence[Figure], console: Screen) -> None:
    """Print the figures; what they are told beside is in the page, for want of room."""
    table = Table(box=None, padding=(0, 1, 0, 0))
    for name in _COLUMNS:
        if name != "beside":
            table.add_column(name, justify="left" if name == "what" else "right", no_wrap=name != "what")
    for what, figure, _, *rest in map(_cells, figures):
        table.add_row(what, figure, *rest)
    console.print(table)


def keep(figures: Sequence[Figure], page: Path) -> None:
    """Write the figures into the page, in the place of those that it has."""
    text = page.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    rows = [_COLUMNS, ("---",) * len(_COLUMNS), *map(_cells, figures)]
    table = "".join(f"| {' | '.join(row)} |\n" for row in rows)
    page.write_text(f"{before}{BEGIN}\n{table}\n{END}{rest.partition(END)[2]}", encoding="utf-8")


def _cells(one: Figure) -> tuple[str, ...]:
    ratio = "" if one.ratio is None else f"{one.ratio:.2f}"
    return one.what, one.measured, one.beside, one.that, ratio, one.most
