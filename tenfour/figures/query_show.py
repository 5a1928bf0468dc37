"""The result of a query on a terminal of 80 columns."""

from typing import Any

from rich.table import Table
from rich.text import Text

from tenfour.common.screen import Screen

MOST_SHOWN = 200


def show(title: str, subtitle: str, names: tuple[str, ...], rows: tuple[tuple[Any, ...], ...], console: Screen) -> None:
    """Print a result; a column that is the same in all rows stands above the table once, so that 80 columns do."""
    console.print(Text(title, style="bold"))
    console.print(subtitle)
    if not rows:
        console.print("Nothing was found.")
        return
    same = [len(rows) > 1 and len({row[place] for row in rows}) == 1 for place in range(len(names))]
    for name, value, alike in zip(names, rows[0], same, strict=True):
        if alike:
            console.print(f"{name}: {_shown(value)}")
    table = Table()
    for place, name in enumerate(names):
        if not same[place]:
            number = any(isinstance(row[place], int | float) for row in rows)
            table.add_column(name.replace("_", " "), justify="right" if number else "left", overflow="fold")
    for row in rows[:MOST_SHOWN]:
        table.add_row(*(_shown(value) for value, alike in zip(row, same, strict=True) if not alike))
    console.print(table)
    if len(rows) > MOST_SHOWN:
        console.print(f"… and {len(rows) - MOST_SHOWN:,} rows more: --csv or --json has them all.")


def _shown(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:,}"
    return "-" if value is None else f"{value:,}" if isinstance(value, int) else str(value)
