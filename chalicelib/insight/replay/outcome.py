"""The outcome of a replay: a line for each incident, and counts that add up."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct

from chalicelib.domain.names import Kind
from chalicelib.domain.notifications.notification import TAKEN
from chalicelib.domain.notifications.reasons import Reason
from chalicelib.domain.notifications.record import IncidentRecord
from chalicelib.virtual.extract import Unreadable

WOULD_GO = "would go"
"""The outcome of what shadow alone kept from going."""


class Entry(Struct, frozen=True):
    """One notification of an incident, sent or not; `recipient` is the party's id."""

    kind: Kind
    recipient: str
    state: str
    send_at: datetime | None
    reason: str

    @property
    def would_go(self) -> bool:
        """Tell whether shadow alone kept it from going."""
        return self.reason == Reason.SHADOW

    @property
    def outcome(self) -> str:
        """Return what became of it as the table has it: programs read its state and reason."""
        return WOULD_GO if self.would_go else str(self.state)


class IncidentLine(Struct, frozen=True):
    """One incident's entries, one for each kind at least."""

    incident_number: str
    notifications: tuple[Entry, ...]


def line(record: IncidentRecord) -> IncidentLine:
    """Return an incident's decisions: its rows, and the messages that were skipped without a row."""
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
    return IncidentLine(record.incident.incident_number, tuple(entries))


def as_json_lines(lines: Iterable[IncidentLine]) -> bytes:
    """Return a line of JSON for each incident."""
    return msgspec.json.Encoder().encode_lines(list(lines))


def reasons(lines: Iterable[IncidentLine]) -> Counter[str]:
    """Return for each reason for not sending on how many incidents it stands."""
    totals: Counter[str] = Counter()
    for item in lines:
        totals.update({entry.reason for entry in item.notifications if entry.reason and not entry.would_go})
    return totals


def lost_by_night(lines: Iterable[IncidentLine]) -> tuple[int, int]:
    """Return how many outcomes came to nothing because the morning was too late for them, and of how many in all."""
    outcomes = [entry for item in lines for entry in item.notifications if entry.kind is Kind.OUTCOME]
    lost = sum(entry.reason == Reason.QUIET_HOURS for entry in outcomes)
    return lost, lost + sum(entry.would_go or entry.state in TAKEN for entry in outcomes)


def summary(lines: Sequence[IncidentLine], unreadable: Sequence[Unreadable]) -> dict[str, Any]:
    """Return the counts for programs."""
    entries = [entry for item in lines for entry in item.notifications]
    return {
        "incidents": len(lines),
        "incidents_with_a_message": sum(
            any(e.would_go or e.state in TAKEN for e in item.notifications) for item in lines
        ),
        "notifications": _nested(Counter((entry.kind.value, entry.outcome) for entry in entries)),
        "reasons": _nested(
            Counter((entry.kind.value, entry.reason) for entry in entries if entry.reason and not entry.would_go)
        ),
        "unreadable_rows": len(unreadable),
    }


def _nested(counts: Counter[tuple[str, str]]) -> dict[str, dict[str, int]]:
    nested: dict[str, dict[str, int]] = {}
    for (kind, name), number in sorted(counts.items()):
        nested.setdefault(kind, {})[name] = number
    return nested
