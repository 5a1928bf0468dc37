"""Export changes of the tables to the lake, without personal data."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date

from chalicelib.domain.lake.row import LakeRow
from chalicelib.domain.lake.rows import Changed, agency_of, lake_rows
from chalicelib.domain.lake.tables import APART, newest, table_of
from chalicelib.domain.surveys.survey import Survey
from chalicelib.flow.surveys.questions import asked_with
from chalicelib.ports.lake import Lake
from chalicelib.ports.settings import Settings


def export_changes(changes: Iterable[Changed], batch_name: str, lake: Lake, settings: Settings) -> int:
    """Write one batch of changes to the lake; return the number of rows.

    The same batch writes the same files again. A row that is in two batches is merged by its id and version when the
    day is compacted.
    """
    return land_rows((row for changed in changes for row in rows_of(changed, settings)), batch_name, lake)


def rows_of(changed: Changed, settings: Settings) -> Iterator[LakeRow]:
    """Return the lake's rows of a change; a survey is read with the questions that it was asked with."""
    asked = asked_with(changed, settings) if isinstance(changed, Survey) else None
    return lake_rows(changed, settings.agency(agency_of(changed)), asked.questions if asked else ())


def land_rows(rows: Iterable[LakeRow], batch_name: str, lake: Lake) -> int:
    """Write the last version of each row, all in one file but for what lands apart; return the number of rows."""
    apart: dict[tuple[str, date], list[LakeRow]] = defaultdict(list)
    together: list[LakeRow] = []
    for row in newest(rows):
        (apart[table_of(row), row.dt] if table_of(row) in APART else together).append(row)
    if together:
        lake.land_together(batch_name, together)
    for (table, dt), alike in apart.items():
        lake.land(batch_name, table, dt, alike)
    return len(together) + sum(map(len, apart.values()))
