"""What was measured, as one table."""

from collections import Counter
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from ops.measure.handlers import Measured
from ops.simulate.many import percentile


def show(
    handlers: Sequence[Measured], healthy: Counter[int], unhinted: Counter[int], pages: dict[str, int], console: Console
) -> None:
    """Print handlers beside bare ones, timers, and the weight of pages."""
    table = Table(box=None, padding=(0, 2, 0, 0))
    for name in ("what", "ours", "bare", "ratio", "calls to AWS and carriers"):
        table.add_column(name, justify="right" if name in ("ours", "bare", "ratio") else "left")
    for one in handlers:
        calls = ", ".join(f"{count} {name}" for name, count in sorted(one.calls.items()))
        table.add_row(one.name, f"{one.ours:,.0f} µs", f"{one.bare:,.0f} µs", f"{one.ratio:.2f}", calls)
    for name, found in (("timers, p99 late", healthy), ("  without hints", unhinted)):
        table.add_row(name, f"{percentile(found, 0.99):.1f} s", "", "", f"{found.total():,} rows on the virtual clock")
    for name, weight in pages.items():
        table.add_row(name, f"{weight / 1024:.1f} KB", "", "", "one request, nothing loaded")
    console.print(table)
