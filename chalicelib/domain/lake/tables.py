"""The lake: its tables, what changes in them, and files and days of rows."""

from collections.abc import Iterable
from datetime import date, datetime

from msgspec import Struct

from chalicelib.domain.incidents.incident import Incident
from chalicelib.domain.incidents.update import Evidence
from chalicelib.domain.lake.incident_columns import IncidentRow, UpdateRow
from chalicelib.domain.lake.notification_columns import NotificationRow
from chalicelib.domain.lake.row import LakeRow
from chalicelib.domain.lake.survey_columns import CommentRow, FollowUpRow, ReleaseRow, SurveyAnswerRow
from chalicelib.domain.names import IncidentKey
from chalicelib.domain.notifications.plan import Skipped


class IncidentVersion(Struct, frozen=True):
    """An incident as it stood after one change, with what it does not get and by which settings.

    `unjudged` are the values that nobody judged and that came with this change.
    """

    incident: Incident
    version: int
    created_at: datetime
    skipped: tuple[Skipped, ...] = ()
    settings_version: int = 0
    unjudged: tuple[Evidence, ...] = ()


class UpdateHeard(Struct, frozen=True, kw_only=True):
    """One webhook's word about one incident: that it came, not what it said."""

    key: IncidentKey
    source_id: str
    heard_at: datetime
    as_of: datetime
    updates: int


class Landed(Struct, frozen=True):
    """A file of rows that waits for compaction; one that holds several tables and days together names none."""

    name: str
    table: str = ""
    dt: date | None = None


class Day(Struct, frozen=True):
    """One table's rows of one day, and the tag of the object that they were read from; none for a new one."""

    rows: tuple[LakeRow, ...] = ()
    tag: str | None = None


TABLES: dict[str, type[LakeRow]] = {
    "incidents": IncidentRow,
    "notifications": NotificationRow,
    "survey_answers": SurveyAnswerRow,
    "comments": CommentRow,
    "releases": ReleaseRow,
    "follow_ups": FollowUpRow,
    "updates": UpdateRow,
}
APART = frozenset({"comments"})
"""Tables whose rows wait in files of their own: an erasure finds a person's words by the names of files."""

_NAMES = {kind: name for name, kind in TABLES.items()}


def table_of(row: LakeRow) -> str:
    """Return the name of the table to which a row belongs."""
    return _NAMES[type(row)]


def newest(rows: Iterable[LakeRow]) -> list[LakeRow]:
    """Return the last version of each row, in the order of their ids; of two alike the first."""
    latest: dict[str, LakeRow] = {}
    for row in rows:
        known = latest.get(row.id)
        if known is None or known.version < row.version:
            latest[row.id] = row
    return [latest[name] for name in sorted(latest)]
