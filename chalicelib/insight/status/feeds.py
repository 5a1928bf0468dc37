"""How the dispatch system's feed does, from the agency's state alone: no call is read.

What nulls took back and which codes nobody judged are in the calls themselves; `tenfour status` reads these.
"""

import re
from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from itertools import islice

from msgspec import Struct

from chalicelib.aws.stores.mappings import PublishedMapping
from chalicelib.domain.incidents.feed_health import FeedTrouble, Tally, limit, watch
from chalicelib.wiring import Aws

LATEST = 20
"""Rejected updates that are looked at for what was wrong."""

_PLACE = re.compile(r"^(?:updates\[\d+\]\.?)?")
_FIELD = re.compile(r"[A-Za-z0-9_.\[\]]{1,60}")


class Feed(Struct, frozen=True, kw_only=True):
    """How the dispatch system's feed does; `silent_after` is in minutes, at this hour of the week."""

    heard_at: datetime | None
    told_at: datetime | None
    silent_after: int | None
    troubles: tuple[FeedTrouble, ...]


class FeedNow(Struct, frozen=True, kw_only=True):
    """A feed with its counts: `window` are those of the last quarter of an hour or so, since `window_from`.

    `usual` is the usual percentage of types that the settings do not list.
    """

    feed: Feed
    window: Tally
    window_from: datetime | None
    total: Tally
    usual: int | None


class Details(Struct, frozen=True, kw_only=True):
    """What was wrong with the latest rejected updates, field by field, and the mappings that are in force."""

    wrong: tuple[tuple[str, int], ...]
    mappings: tuple[PublishedMapping, ...]


def feed_now(aws: Aws, agency_id: str, at: datetime) -> FeedNow:
    """Return how a feed does, by one Query."""
    heard, book = aws.settings.feed(agency_id)
    feed = Feed(
        heard_at=heard.heard_at,
        told_at=heard.told_at,
        silent_after=int(limit(book, at).total_seconds() // 60) if book else None,
        troubles=watch(book, heard, at)[1] if heard.told_at else (),
    )
    return FeedNow(
        feed=feed,
        window=heard.tally.since(book.tally) if book else heard.tally,
        window_from=book.tallied_at if book else None,
        total=heard.tally,
        usual=book.usual if book else None,
    )


def details(aws: Aws, agency_id: str) -> Details:
    """Return what an admin looks into: one Query of so many rejected updates, and one for each mapping."""
    errors = islice(aws.rejects.newest_errors(agency_id, LATEST), LATEST)
    return Details(wrong=fields_of(errors), mappings=tuple(aws.mappings.in_force(agency_id)))


def fields_of(errors: Iterable[str]) -> tuple[tuple[str, int], ...]:
    """Return which fields were wrong, and how often: an error's own words may quote what a person said."""
    return tuple(Counter(_field(error) for error in errors).most_common())


def _field(error: str) -> str:
    field, colon, _ = _PLACE.sub("", error).partition(":")
    return field if colon and _FIELD.fullmatch(field) else ""
