"""Settings: what is published, since when and by whom, as TOML; each version before, and how two of them differ."""

from typing import Any

from chalicelib.domain.desk.permissions import Permission
from chalicelib.domain.settings.agency import Agency
from chalicelib.web.desk.draft_pages import LONGEST, fresh_name
from chalicelib.web.desk.page import SAFE, UNKEPT, page
from chalicelib.web.desk.standing import standing
from chalicelib.web.desk.trouble import trouble
from chalicelib.web.desk.visit import Answer, Visit

SCREEN = 20
"""Versions of one screen."""

_DIGITS = 8


def settings(visit: Visit) -> Answer:
    """Show what is published, or a version that was, and which there are."""
    current = _current(visit)
    shown = _asked_for(visit, "version", current)
    return trouble(visit, "not_found") if shown is None else version_shown(visit, current, shown)


def version_shown(visit: Visit, current: Agency, shown: Agency, problem: str = "", code: int = 200) -> Answer:
    """Return the page of a version, and of which there are."""
    from chalicelib.insight.settings.written import written

    found = _history(visit)
    signed = visit.world.settings.signed(visit.ours.agency_id, shown.version)
    return page(
        visit,
        "settings.html",
        code,
        title=visit.say("settings.title"),
        problem=problem,
        restores=_restores(visit, current, shown),
        shown=shown,
        current=shown.version == current.version,
        in_force=current.version,
        signed=signed,
        written=written(visit.world, shown),
        versions=found[:SCREEN],
        older=found[SCREEN].agency.version if len(found) > SCREEN else 0,
        name=fresh_name(),
        longest=LONGEST,
        pauses=standing(visit),
    )


def settings_file(visit: Visit) -> Answer:
    """Answer with a version as a file."""
    from chalicelib.insight.settings.written import written

    shown = _asked_for(visit, "version", _current(visit))
    if shown is None:
        return trouble(visit, "not_found")
    name = f"{shown.agency_id}-{shown.version}.toml"
    headers = {"Content-Type": "application/toml", "Content-Disposition": f'attachment; filename="{name}"'}
    return Answer(body=written(visit.world, shown).text, headers={**headers, **SAFE, **UNKEPT})


def settings_compared(visit: Visit) -> Answer:
    """Show how two versions differ: setting by setting in words, and line by line."""
    from chalicelib.domain.settings.weaker import weaker
    from chalicelib.insight.settings.changes import changes
    from chalicelib.insight.settings.lines import differing
    from chalicelib.insight.settings.written import written

    current = _current(visit)
    before, after = (_asked_for(visit, name, current) for name in ("from", "to"))
    if before is None or after is None:
        return trouble(visit, "not_found")
    return page(
        visit,
        "settings_compared.html",
        title=visit.say("settings.compared", before=before.version, after=after.version),
        changes=changes(before, after),
        ends=weaker(before, after),
        lines=differing(written(visit.world, before).text, written(visit.world, after).text),
        pauses=standing(visit),
    )


def _restores(visit: Visit, current: Agency, shown: Agency) -> str | None:
    """Return why whoever looks can't restore a version by a press, "" where they can, None where nobody asks."""
    if shown.version == current.version or Permission.PUBLISH not in visit.may:
        return None
    from chalicelib.insight.drafts.restore import why_not

    return why_not(visit.world, visit.ours.agency_id, shown.version) or ""


def _current(visit: Visit) -> Agency:
    """Return what is in force; the door has it from the last minute, a page about it wants it as it is."""
    return visit.world.settings.latest(visit.ours.agency_id) or visit.ours


def _asked_for(visit: Visit, name: str, current: Agency) -> Agency | None:
    """Return the version that an address names, the one in force where it names none, or None for no version."""
    given = visit.asked.query.get(name, "")
    if given in ("", str(current.version)):
        return current
    return visit.world.settings.version(visit.ours.agency_id, int(given)) if is_number(given) else None


def _history(visit: Visit) -> list[Any]:
    """Return a screen of versions, newest first, and one more where there are older ones."""
    until, name = visit.asked.query.get("until", ""), visit.ours.agency_id
    if is_number(until):
        return [*visit.world.settings.history(name, SCREEN + 1, int(until))]
    return [*visit.world.settings.history(name, SCREEN + 1)]


def is_number(text: str) -> bool:
    """Tell whether a text may be the number of a version."""
    return text.isascii() and text.isdecimal() and len(text) <= _DIGITS
