"""Tell a scenario's events line by line, in order of time."""

from collections.abc import Iterator
from datetime import datetime

from chalicelib.domain.notifications.notification import Notification, State
from chalicelib.insight.scenarios.play import Played


def story(played: Played) -> list[str]:
    """Return each step, and each move of each notification, with its time."""
    rows = [row for record in played.records for row in record.rows.values()]
    moves = [move for row in rows for move in _moves(row)]
    told = sorted([*played.said, *moves], key=lambda item: item[0])
    return [f"  {played.clock.write(at)}  {words}" for at, words in told]


def _moves(row: Notification) -> Iterator[tuple[datetime, str]]:
    who = f"{row.key.kind} of {row.key.incident_number} to {row.key.recipient}"
    if row.key.ordinal:
        who += f", notice {row.key.ordinal + 1}"
    yield row.created_at, f"  {who}: planned"
    for step in row.steps:
        said = f": {' / '.join(row.body.splitlines())}" if step.state is State.SENDING else ""
        yield step.at, f"  {who}: {step.state}{f' ({step.reason})' if step.reason else ''}{said}"
