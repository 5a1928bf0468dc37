"""What became of one request of a feed: ids, times and names of fields, and no value of anybody's."""

from datetime import datetime, timedelta

from msgspec import Struct

KEPT_FOR = timedelta(hours=24)


class PostedUpdate(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """One update of a request: the names of the fields that it told, or why it was rejected.

    `taken_back` are the fields of which its nulls took a known value away.
    """

    index: int
    incident_number: str | None = None
    update_id: str = ""
    as_of: datetime | None = None
    fields: tuple[str, ...] = ()
    rejected: str = ""
    taken_back: tuple[str, ...] = ()
    incident_id: str = ""


class Posted(Struct, frozen=True, kw_only=True):
    """One request, under the name that its sender gave it, and what it was answered."""

    id: str
    at: datetime
    answer: int
    error: str = ""
    accepted: int = 0
    duplicates: int = 0
    rejected: int = 0
    updates: tuple[PostedUpdate, ...] = ()
    passed_over: int = 0
