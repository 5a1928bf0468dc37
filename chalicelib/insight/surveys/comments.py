"""Comments as the lake has them, read by somebody before the report may quote them."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Literal

from chalicelib.domain.settings.agency import Agency
from chalicelib.domain.surveys.comment_release import CommentRelease
from chalicelib.insight.figures.queries import query
from chalicelib.insight.figures.source import LakeSource
from chalicelib.wiring import Aws

State = Literal["released", "held"]
Row = dict[str, Any]
_AMONG = {"released": "comments_unreleased", "held": "comments"}
"""The query whose comments a decision may be about."""


class UnknownComment(LookupError):
    """There is no comment of that name among those that can be decided about."""


def listed(source: LakeSource, agency_id: str, first: date, last: date, *, released: bool = False) -> list[Row]:
    """Return the comments of a period that nobody released, or those that the report may quote; QueryFailed."""
    return _asked(source, "comments" if released else "comments_unreleased", agency_id, first, last)


def decide(
    aws: Aws,
    source: LakeSource,
    agency: Agency,
    ids: Sequence[str],
    state: State,
    period: tuple[date, date],
    at: datetime,
    by: str,
) -> None:
    """Let the report quote comments, or keep them out of it; UnknownComment, before anything is changed."""
    found = {row["id"]: row for row in _asked(source, _AMONG[state], agency.agency_id, *period)}
    for name in ids:
        if name not in found:
            raise UnknownComment(f"nothing called {name!r} is among those; nothing was changed")
    for name in ids:
        aws.comment_releases.keep(_decision(found[name], state, agency, at, by), at + agency.retention.surveys)


def _decision(row: Row, state: State, agency: Agency, at: datetime, by: str) -> CommentRelease:
    return CommentRelease(
        agency_id=agency.agency_id,
        comment_id=row["id"],
        dt=date.fromisoformat(str(row["dt"])),
        words=row["words"],
        state=state,
        decided_at=at,
        decided_by=by,
    )


def _asked(source: LakeSource, name: str, agency_id: str, first: date, last: date) -> list[Row]:
    found = source.query(query(name).during(first, last)).dicts()
    return [row for row in found if row["agency_id"] == agency_id]
