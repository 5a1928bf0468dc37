"""A replay's outcome on a terminal of 80 columns."""

from collections.abc import Sequence

from rich.table import Table

from chalicelib.domain.names import Kind
from chalicelib.insight.replay.outcome import WOULD_GO, IncidentLine, lost_by_night, reasons, summary
from chalicelib.virtual.extract import Unreadable
from tenfour.common.screen import Screen

MOST_LISTED = 20


def show(console: Screen, lines: Sequence[IncidentLine], unreadable: Sequence[Unreadable]) -> None:
    """Print the counts: by kind and state, then the reasons for not sending."""
    counts = summary(lines, unreadable)
    states = sorted({state for by_state in counts["notifications"].values() for state in by_state})
    shadow = ": in shadow, nothing is sent" if WOULD_GO in states else ""
    table = Table("notification", *states, title=f"{len(lines):,} incidents{shadow}", title_justify="left")
    for column in table.columns[1:]:
        column.justify = "right"
    for kind in Kind:
        by_state = counts["notifications"].get(kind.value, {})
        table.add_row(kind.value, *(f"{by_state.get(state, 0):,}" for state in states))
    console.print(table)
    why_not = Table("why not", title="reasons for not sending", title_justify="left")
    why_not.add_column("incidents", justify="right")
    for reason, number in reasons(lines).most_common():
        why_not.add_row(reason, f"{number:,}")
    console.print(why_not)
    lost, of = lost_by_night(lines)
    if lost:
        console.print(f"{lost:,} of {of:,} outcomes come to nothing: they are decided at night, and in the morning it")
        console.print("is too late for them. hours.outcome says when they may go.")
    _show_unreadable(console, unreadable)


def _show_unreadable(console: Screen, unreadable: Sequence[Unreadable]) -> None:
    if not unreadable:
        return
    console.print(f"{len(unreadable):,} rows could not be read:")
    for item in unreadable[:MOST_LISTED]:
        console.print(f"  line {item.line}: {item.reason}")
    if len(unreadable) > MOST_LISTED:
        console.print(f"  and {len(unreadable) - MOST_LISTED:,} more")
