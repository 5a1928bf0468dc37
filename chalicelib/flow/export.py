"""What changed in the tables lands in the lake, without the persons in it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date

from chalicelib.domain.lake import (
    IncidentVersion,
    LakeRow,
    answer_rows,
    incident_row,
    newest,
    notification_row,
    table_of,
)
from chalicelib.domain.notification import Notification
from chalicelib.domain.survey import Survey
from chalicelib.flow.questions import asked_with
from chalicelib.ports import Lake, Settings

Changed = IncidentVersion | Notification | Survey


def export_changes(changes: Iterable[Changed], batch_name: str, lake: Lake, settings: Settings) -> int:
    """Land one batch of changes, a file a table and day; return how many rows.

    The same batch again writes the same files again; what two batches both hold is merged by
    row id and version when the day is compacted.
    """
    groups: dict[tuple[str, date], list[LakeRow]] = defaultdict(list)
    for row in newest(row for changed in changes for row in _rows(changed, settings)):
        groups[table_of(row), row.dt].append(row)
    for (table, dt), rows in groups.items():
        lake.land(batch_name, table, dt, rows)
    return sum(map(len, groups.values()))


def _rows(changed: Changed, settings: Settings) -> Iterator[LakeRow]:
    match changed:
        case IncidentVersion(incident=incident):
            agency = settings.agency(incident.agency_id)
            if agency:
                yield incident_row(changed, agency)
        case Notification():
            yield notification_row(changed)
        case Survey():
            asked = asked_with(changed, settings)
            yield from answer_rows(changed, asked.questions if asked else ())
