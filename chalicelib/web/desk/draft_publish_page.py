"""Put a draft in force, now or at a time, or take its time away: that is a brake, which one person pulls."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial

from chalicelib.domain.desk.drafts import Draft, Refused
from chalicelib.domain.ledger.what import What
from chalicelib.ports.errors import Conflict
from chalicelib.web.desk.draft_page import found_draft, status, why
from chalicelib.web.desk.draft_pages import about
from chalicelib.web.desk.draft_review_page import reviewed
from chalicelib.web.desk.noting import acting, noted, noted_after
from chalicelib.web.desk.page import moved
from chalicelib.web.desk.trouble import trouble
from chalicelib.web.desk.visit import Answer, Visit


def publish_draft(visit: Visit) -> Answer:
    """Put a draft in force, or let it be put in force at a time on the agency's clock."""
    return _done(visit, _publish)


def cancel_draft(visit: Visit) -> Answer:
    """Let a draft not be in force by itself: it is done first and noted after."""
    return _done(visit, _cancel)


def _done(visit: Visit, act: Callable[[Visit, Draft], Draft]) -> Answer:
    found = found_draft(visit, visit.asked.form.get("id", ""))
    if found is None:
        return trouble(visit, "not_found")
    try:
        after = act(visit, found)
    except Refused as refused:
        return reviewed(visit, found, why(visit, refused), status(refused))
    except Conflict:
        return reviewed(visit, found_draft(visit, found.id) or found, visit.say("draft_why.moved"), 409)
    except ValueError:
        return reviewed(visit, found, visit.say("draft_why.unsound"), 422)
    return moved(visit, f"{visit.agency_path('drafts', 'review')}?id={after.id}")


def _publish(visit: Visit, found: Draft) -> Draft:
    from chalicelib.insight.drafts import publish

    form, name = visit.asked.form, visit.ours.agency_id
    text = form.get("text", "")
    if form.get("act") == "at":
        at = _instant(visit, form.get("at", ""))
        later = partial(publish.schedule, visit.world, name, found, text, at, visit.now)
        return noted(visit, What.PUBLISHED, about(found.id, f"from {at:%Y-%m-%d %H:%M} UTC on"), later)
    now = partial(publish.publish, visit.world, name, found, text, acting(visit.person), visit.now)
    return noted(visit, What.PUBLISHED, about(found.id, "in force"), now)


def _cancel(visit: Visit, found: Draft) -> Draft:
    from chalicelib.insight.drafts.publish import unschedule

    act = partial(unschedule, visit.world, visit.ours.agency_id, found, visit.now)
    return noted_after(visit, What.PUBLISHED, about(found.id, "not by itself"), act)


def _instant(visit: Visit, typed: str) -> datetime:
    """Read a time on the agency's clock; Refused for none."""
    try:
        return datetime.fromisoformat(typed).replace(tzinfo=visit.ours.zone).astimezone(UTC)
    except ValueError:
        raise Refused("bad_time") from None
