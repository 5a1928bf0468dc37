"""Watchers: who is paged of what waits, and whether a drill has reached them."""

from collections.abc import Iterator
from functools import partial

from msgspec import Struct

from chalicelib.domain.desk.attention import Cause
from chalicelib.domain.desk.drill import Drill, Entry
from chalicelib.domain.ledger.what import What
from chalicelib.domain.settings.hours import ALL_DAY, Window
from chalicelib.domain.settings.watchers import NEVER_PAGES, Who, is_phone, short_name
from chalicelib.flow.desk.drill import ask_drill, enter_code
from chalicelib.web.desk.noting import acting, noted
from chalicelib.web.desk.page import moved, page
from chalicelib.web.desk.visit import Answer, Visit
from chalicelib.web.desk.wording import called

PAGED = tuple(cause for cause in Cause if cause not in NEVER_PAGES)


class Row(Struct, frozen=True):
    """One watcher of one cause; `shown` is the address as a list may show it, `hours` are those of the first."""

    cause: Cause
    who: Who
    shown: str
    code: str
    hours: Window | None
    drill: Drill | None


def watchers(visit: Visit) -> Answer:
    """Show who watches what."""
    return _shown(visit)


def drill(visit: Visit) -> Answer:
    """Send a drill to somebody, or note that one arrived."""
    return _answered(visit, "".join(visit.asked.form["code"].split())) if "code" in visit.asked.form else _asked(visit)


def _asked(visit: Visit) -> Answer:
    cause, _, who = visit.asked.form.get("drill", "").partition(" ")
    row = next((row for row in _rows(visit) if (row.cause, row.who) == (cause, who)), None)
    if row is None:
        return _shown(visit, visit.say("watchers.gone"), 422)
    address = getattr(visit.ours.watchers[row.cause], row.who)
    act = partial(ask_drill, visit.world, visit.ours.agency_id, address, visit.now)
    noted(visit, What.DRILLED, f"{row.cause} {row.who}", act)
    return moved(visit, visit.agency_path("watchers"))


def _answered(visit: Visit, code: str) -> Answer:
    act = partial(enter_code, visit.world, visit.ours.agency_id, code, acting(visit.person), visit.now)
    became = noted(visit, What.DRILLED, "a code that arrived", act)
    if became is not Entry.REACHED:
        return _shown(visit, visit.say(f"watchers.{became}"), 429 if became is Entry.TOO_MANY else 422)
    return moved(visit, visit.agency_path("watchers"))


def _shown(visit: Visit, problem: str = "", status: int = 200) -> Answer:
    unwatched = [visit.say(f"watchers.{cause}") for cause in PAGED if cause not in visit.ours.watchers]
    return page(
        visit,
        "watchers.html",
        status,
        title=visit.say("watchers.title"),
        rows=tuple(_rows(visit)),
        unwatched=", ".join(unwatched),
        problem=problem,
        by=lambda known: called(visit, known.by),
    )


def _rows(visit: Visit) -> Iterator[Row]:
    drills = visit.world.settings.paging(visit.ours.agency_id).drills
    for cause in PAGED:
        watching = visit.ours.watchers.get(cause)
        for who in Who if watching else ():
            address = getattr(watching, who)
            if address and watching:
                name, first = short_name(address), who is Who.FIRST and watching.hours != ALL_DAY
                yield Row(cause, who, _masked(address), name, watching.hours if first else None, drills.get(name))


def _masked(address: str) -> str:
    """Return an address as its owner knows it again, and nobody else could use it."""
    return f"…{address[-4:]}" if is_phone(address) else f"{address[:1]}…@{address.rpartition('@')[2]}"
