"""Feeds: how dispatch's updates come in, from the agency's state alone, and what to do where they do not."""

import hashlib
from typing import Any

from chalicelib.domain.desk.permissions import Permission
from chalicelib.domain.incidents.feed_health import FEWEST
from chalicelib.insight.status.feeds import FeedNow, details, feed_now
from chalicelib.web.desk.page import page, part
from chalicelib.web.desk.reachable import read_or_none
from chalicelib.web.desk.standing import standing
from chalicelib.web.desk.visit import Answer, Visit


def feeds(visit: Visit) -> Answer:
    """Show how the feed does; an admin sees what was wrong with rejected updates, and the mappings."""
    agency_id = visit.ours.agency_id
    more = Permission.KEYS_MANAGE in visit.may
    return page(
        visit,
        "feeds.html",
        title=visit.say("feeds.title"),
        details=read_or_none(lambda: details(visit.world, agency_id), "read what feeds sent") if more else None,
        more=more,
        pauses=standing(visit),
        **_shown(visit, _read(visit)),
    )


def feeds_live(visit: Visit) -> Answer:
    """Show the part that changes: nothing where the browser has it already."""
    shown = _shown(visit, _read(visit))
    return part(visit, "feeds_live.html", shown["version"], lambda: shown)


def _read(visit: Visit) -> FeedNow | None:
    return read_or_none(lambda: feed_now(visit.world, visit.ours.agency_id, visit.now), "read how the feed does")


def _shown(visit: Visit, now: FeedNow | None) -> dict[str, Any]:
    troubles = [] if now is None else [str(one) for one in now.feed.troubles]
    if now is not None and now.feed.told_at is None:
        troubles = ["never"]
    told = f"{now}-{visit.language}-{'-'.join(sorted(visit.roles))}"
    said = visit.say(f"feed_trouble.{troubles[0]}") if troubles else visit.say("feeds.well")
    return {
        "feed": now,
        "troubles": troubles,
        "few": now is not None and now.window.updates + now.window.rejected < FEWEST,
        "version": f'"{hashlib.sha256(told.encode()).hexdigest()[:16]}"',
        "said": said if now else visit.say("feeds.unread"),
    }
