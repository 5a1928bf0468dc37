"""What waits for somebody as time passes: the feed, providers, unread replies, overdue texts. Pure."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, timedelta

from chalicelib.domain.desk.attention import Cause, Waiting
from chalicelib.domain.incidents.feed_health import FeedBook, FeedTrouble
from chalicelib.domain.notifications.breaker import Breakers

BY_TIME = frozenset({Cause.FEED, Cause.UNJUDGED, Cause.PROVIDER, Cause.REPLY, Cause.OVERDUE})
"""Causes that only the sweep tells, each minute."""

OVERDUE = timedelta(minutes=2)
"""The sweep finds what is due within a minute; what is older than this is stuck."""

LATELY = timedelta(hours=1)
"""A provider that was not called for so long is not known to be down."""


def by_time(
    agency_id: str,
    troubles: Collection[FeedTrouble],
    heard_at: datetime | None,
    breakers: Breakers,
    due: Sequence[datetime],
    now: datetime,
    book: FeedBook | None = None,
    replies: Sequence[datetime] = (),
) -> Iterator[Waiting]:
    """Yield what waits for somebody now; `due` are the instants at which an agency's texts that wait were due.

    `replies` are the instants from which people's texts wait for somebody to read them. Of types that nobody judged,
    the count is the percentage of calls that have one.
    """
    for trouble in troubles:
        if trouble is FeedTrouble.UNKNOWN_TYPES:
            since = book.unlisted_since if book and book.unlisted_since else now
            share = book.unlisted if book else 0
            yield Waiting(agency_id=agency_id, cause=Cause.UNJUDGED, since=since, count=share)
        else:
            silent = trouble is FeedTrouble.SILENT and heard_at is not None
            since = heard_at if silent and heard_at else now
            yield Waiting(agency_id=agency_id, cause=Cause.FEED, about=trouble, since=since)
    for provider, breaker in breakers.items():
        if breaker.tries and breaker.failed_at and now - breaker.failed_at <= LATELY:
            yield Waiting(agency_id=agency_id, cause=Cause.PROVIDER, about=provider, since=breaker.failed_at)
    late = [at for at in due if now - at > OVERDUE]
    if late:
        yield Waiting(agency_id=agency_id, cause=Cause.OVERDUE, since=min(late), count=len(late))
    unread = [at for at in replies if at <= now]
    if unread:
        yield Waiting(agency_id=agency_id, cause=Cause.REPLY, since=min(unread), count=len(unread))
