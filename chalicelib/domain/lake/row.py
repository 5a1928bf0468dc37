"""What every row of the lake has, and how its columns are written down.

Each row has an `id` that says nothing, a `version` that grows, and `dt`, the UTC day on which it was first
written (of what a survey brought: on which the person was asked): a later version takes the earlier one's
place in the same day. The types of rows are the one truth about the columns: the Glue tables and
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
    """What every row has; `dt` is the partition."""

    id: Annotated[str, means("says nothing, stays the same")]
    version: Annotated[int, means("grows with each change; you see the latest")]
    dt: date
    agency_id: Annotated[str, means("the agency")]
