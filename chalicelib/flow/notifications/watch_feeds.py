"""Watch the feeds: every minute, after the sweep, check whether each agency's feed is well.

It costs one read for each agency, and a write only when something new was learned. A trouble is reported each minute
while it lasts, so that its alarm ends with it.
"""

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from functools import partial

from chalicelib.domain.incidents.feed_health import FeedTrouble, watch
from chalicelib.flow.apart import apart
from chalicelib.ports.errors import Conflict
from chalicelib.ports.notices import Notice
from chalicelib.ports.world import Ports

NOTICES: Mapping[FeedTrouble, Notice] = {
    FeedTrouble.SILENT: Notice.FEED_SILENT,
    FeedTrouble.AHEAD: Notice.FEED_AHEAD,
    FeedTrouble.LATE: Notice.FEED_LATE,
    FeedTrouble.UNKNOWN_TYPES: Notice.UNKNOWN_TYPES,
    FeedTrouble.REJECTED: Notice.UPDATES_REJECTED,
}


def watch_feeds(ports: Ports, now: datetime) -> None:
    """Report the troubles of each feed; ExceptionGroup of those that could not be watched."""
    apart(ports.settings.agencies(), partial(_watch, ports, now))


def _watch(ports: Ports, now: datetime, agency_id: str) -> None:
    """Report the troubles of a feed; one that never sent an update is not connected yet."""
    heard, book = ports.settings.feed(agency_id)
    if heard.told_at is None:
        return
    after, troubles = watch(book, heard, now)
    for trouble in troubles:
        ports.notice(NOTICES[trouble], agency=agency_id)
    if after != book:
        with suppress(Conflict):  # another sweep wrote in the same minute; the next one looks again
            ports.settings.note_book(agency_id, book, after)
