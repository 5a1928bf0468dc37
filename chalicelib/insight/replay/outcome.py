"""What a replay ends with: a line an incident, and a table of counts that add up."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct
from rich.console import Console
from rich.table import Table

from chalicelib.domain.names import Kind
from chalicelib.domain.notifications.notification import TAKEN
from chalicelib.domain.notifications.record import IncidentRecord
from chalicelib.virtual.extract import Unreadable

MOST_LISTED = 20


class Entry(Struct, frozen=True):
    """One notification of an incident, sent or not; `recipient` is the party's id."""

    kind: Kind
    recipient: str
    state: str
    send_at: datetime | None
    reason: str


class Line(Struct, frozen=True):
    """One incident's entries, one for each kind at least."""

    incident_number: str
    notifications: tuple[Entry, ...]


def line(record: IncidentRecord) -> Line:
    """Return an incident's decisions: its rows, and what was skipped without a row."""
    rows = [
        Entry(row.key.kind, row.key.recipient, row.state, row.planned_for, row.reason if row.state not in TAKEN else "")
        for row in record.rows.values()
    ]
    with_row = {(row.key.kind, row.key.recipient, row.key.ordinal) for row in record.rows.values()}
    kinds_with_row = {row.key.kind for row in record.rows.values()}
    skipped = [
        Entry(item.kind, item.recipient, "skipped", None, item.reason)
        for item in record.skipped
        if (item.kind, item.recipient, item.ordinal) not in with_row
        and not (item.recipient == "" and item.kind in kinds_with_row)
    ]
    order = {kind: place for place, kind in enumerate(Kind)}
    entries = sorted([*rows, *skipped], key=lambda entry: (order[entry.kind], entry.recipient))
    return Line(record.incident.incident_number, tuple(entries))


def write_lines(lines: Iterable[Line], path: Path) -> None:
    """Write a JSON line an incident."""
    path.write_bytes(msgspec.json.Encoder().encode_lines(list(lines)))


def summary(lines: Sequence[Line], unreadable: Sequence[Unreadable]) -> dict[str, Any]:
    """Return the counts as a program wants them."""
    entries = [entry for item in lines for entry in item.notifications]
    return {
        "incidents": len(lines),
        "incidents_with_a_message": sum(any(e.state in TAKEN for e in item.notifications) for item in lines),
        "notifications": _nested(Counter((entry.kind.value, str(entry.state)) for entry in entries)),
        "reasons": _nested(Counter((entry.kind.value, entry.reason) for entry in entries if entry.reason)),
        "unreadable_rows": len(unreadable),
    }


def show(console: Console, lines: Sequence[Line], unreadable: Sequence[Unreadable]) -> None:
    """Print the counts: by kind and state, then why what was not sent was not."""
    counts = summary(lines, unreadable)
    states = sorted({state for by_state in counts["notifications"].values() for state in by_state})
    table = Table("notification", *states, title=f"{len(lines):,} incidents", title_justify="left")
    for column in table.columns[1:]:
        column.justify = "right"
    for kind in Kind:
        by_state = counts["notifications"].get(kind.value, {})
        table.add_row(kind.value, *(f"{by_state.get(state, 0):,}" for state in states))
    console.print(table)
    reasons = Table("why not", *("" for _ in range(0)), title="reasons for not sending", title_justify="left")
    reasons.add_column("incidents", justify="right")
    totals: Counter[str] = Counter()
    for item in lines:
        totals.update({entry.reason for entry in item.notifications if entry.reason})
    for reason, number in totals.most_common():
        reasons.add_row(reason, f"{number:,}")
    console.print(reasons)
    _show_unreadable(console, unreadable)


def _show_unreadable(console: Console, unreadable: Sequence[Unreadable]) -> None:
    if not unreadable:
        return
    console.print(f"{len(unreadable):,} rows could not be read:")
    for item in unreadable[:MOST_LISTED]:
        console.print(f"  line {item.line}: {item.reason}", highlight=False)
    if len(unreadable) > MOST_LISTED:
        console.print(f"  and {len(unreadable) - MOST_LISTED:,} more")


def _nested(counts: Counter[tuple[str, str]]) -> dict[str, dict[str, int]]:
    nested: dict[str, dict[str, int]] = {}
    for (kind, name), number in sorted(counts.items()):
        nested.setdefault(kind, {})[name] = number
    return nested
