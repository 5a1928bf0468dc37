"""The columns that every row of the lake has, and how columns are described.

Each row has an `id` that says nothing, a `version` that grows, and `dt`. That is the UTC day on which the row was
first written, or for a survey's rows the day on which the person was asked. A later version takes the earlier
one's place in the same day. The types of rows are the one truth about the columns: the Glue tables and
docs/analyst/analyst.md are written from them. A column that is added has a default, so that days that were written
before it can still be read.
"""

from datetime import date, datetime
from typing import Annotated

from msgspec import Meta, Struct

Text = str | None
Number = int | None
Instant = datetime | None


def means(what: str) -> Meta:
    """Return what a column means, for analysts."""
    return Meta(description=what)


class LakeRow(Struct, frozen=True, kw_only=True):
    """The columns of every row; `dt` is the partition."""

    id: Annotated[str, means("says nothing, stays the same")]
    version: Annotated[int, means("grows with each change; you see the latest")]
    dt: date
    agency_id: Annotated[str, means("the agency")]
