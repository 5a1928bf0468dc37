"""Show what floods used, as one table of 80 columns."""

from collections.abc import Sequence

from rich.table import Table

from rigs.flood.city import CALL, PROVIDER
from rigs.flood.floods import FloodLine
from tenfour.common.screen import Screen

COLUMNS = (("times", 6), ("calls", 8), ("each", 6), ("read", 5), ("write", 5), ("KiB", 5), ("late", 7))


def show(lines: Sequence[FloodLine], took: float, console: Screen) -> None:
    """Print the table."""
    calls = sum(line.used.calls.total() for line in lines)
    title = f"{calls:,} calls to AWS, counted in {took:,.0f} s"
    table = Table(title=title, title_justify="left", title_style="bold", box=None, padding=(0, 1, 0, 0))
    table.add_column("flood", width=18, no_wrap=True)
    table.add_column("step", width=11, no_wrap=True)
    for name, width in COLUMNS:
        table.add_column(name, width=width, justify="right")
    before = ""
    for line in lines:
        table.add_row("" if line.flood == before else line.flood, line.step, *_cells(line))
        before = line.flood
    console.print(table)
    console.print(NOTES)


NOTES = f"""each: calls a time; read, write: capacity units a time. KiB: the most that
Python took in one invocation. late: when the last was done, behind the stack's
own limits, if a call takes {CALL * 1000:.0f} ms and a provider {PROVIDER * 1000:.0f} ms more.
A second hint for a text costs its one Query."""


def _cells(line: FloodLine) -> list[str]:
    used = line.used
    times = used.times or 1
    return [
        f"{used.times:,}",
        f"{used.calls.total():,}",
        f"{used.calls.total() / times:.2f}",
        f"{used.read_units / times:.1f}",
        f"{used.write_units / times:.1f}",
        f"{used.memory / 1024:,.0f}" if used.memory else "",
        f"{line.late.total_seconds():,.1f} s" if line.late is not None else "",
    ]
