"""Export changes of the tables to the lake, without personal data."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date

from chalicelib.domain.lake.row import LakeRow
from chalicelib.domain.lake.rows import Changed, agency_of, lake_rows
from chalicelib.domain.lake.tables import newest, table_of
from chalicelib.domain.surveys.survey import Survey
from chalicelib.flow.surveys.questions import asked_with
from chalicelib.ports.lake import Lake
from chalicelib.ports.settings import Settings


def export_changes(changes: Iterable[Changed], batch_name: str, lake: Lake, settings: Settings) -> int:
    """Write one batch of changes to the lake, a file for each table and day; return the number of rows.

    The same batch writes the same files again. A row that is in two batches is merged by its id and version when the
    day is compacted.
    """
    return land_rows((row for changed in changes for row in rows_of(changed, settings)), batch_name, lake)


def rows_of(changed: Changed, settings: Settings) -> Iterator[LakeRow]:
    """Return the lake's rows of a change; a survey is read with the questions that it was asked with."""
    asked = asked_with(changed, settings) if isinstance(changed, Survey) else None
    return lake_rows(changed, settings.agency(agency_of(changed)), asked.questions if asked else ())


def land_rows(rows: Iterable[LakeRow], batch_name: str, lake: Lake) -> int:
    """Write the last version of each row, a file for each table and day; return the number of rows."""
    groups: dict[tuple[str, date], list[LakeRow]] = defaultdict(list)
    for row in newest(rows):
        groups[table_of(row), row.dt].append(row)
    for (table, dt), together in groups.items():
        lake.land(batch_name, table, dt, together)
    return sum(map(len, groups.values()))
