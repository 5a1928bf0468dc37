"""Restore a version of the settings that two people approved, by one press: it is done first and noted after."""

from functools import partial

from chalicelib.domain.ledger.noted import thing
from chalicelib.domain.ledger.what import What
from chalicelib.domain.settings.agency import Agency
from chalicelib.domain.settings.restore import NotRestored
from chalicelib.ports.errors import Conflict, NumberTaken
from chalicelib.web.desk.draft_pages import comment_of
from chalicelib.web.desk.noting import acting, noted_after
from chalicelib.web.desk.page import moved
from chalicelib.web.desk.settings_pages import is_number, version_shown
from chalicelib.web.desk.trouble import trouble
from chalicelib.web.desk.visit import Answer, Visit


def restored(visit: Visit) -> Answer:
    """Put a version in force again, over the one that the page showed in force."""
    form, world, name = visit.asked.form, visit.world, visit.ours.agency_id
    number, over = (_number(form.get(field, "")) for field in ("version", "over"))
    current = world.settings.latest(name) or visit.ours
    shown = world.settings.version(name, number) if number is not None else None
    if number is None or over is None or shown is None:
        return trouble(visit, "not_found")
    try:
        act = partial(_restore, visit, number, over)
        noted_after(visit, What.PUBLISHED, thing("settings", f"version {number} again"), act)
    except NotRestored as refused:
        return version_shown(visit, current, shown, visit.say(f"restore_why.{refused.why}"), 409)
    except NumberTaken:
        return version_shown(visit, current, shown, visit.say("restore.number_taken"), 409)
    except Conflict:
        return version_shown(visit, current, shown, visit.say("restore.moved"), 409)
    return moved(visit, visit.agency_path("settings"))


def _restore(visit: Visit, number: int, over: int) -> Agency:
    from chalicelib.insight.drafts.restore import restore

    reason = comment_of(visit.asked.form.get("reason", ""))
    return restore(visit.world, visit.ours.agency_id, number, over, acting(visit.person), reason, visit.now)


def _number(text: str) -> int | None:
    return int(text) if is_number(text) else None
