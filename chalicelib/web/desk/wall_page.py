"""The wall: a board for a screen in the dispatch room, with a session of its own that can do nothing.

Whoever may see the board may hang it. Their own session in that browser ends with it: nobody leaves it on a wall.
"""

import hashlib
from datetime import timedelta
from functools import partial
from typing import Any

from msgspec import json
from msgspec.structs import replace

from chalicelib.domain.desk.grouped import grouped
from chalicelib.domain.desk.session import limits_of
from chalicelib.domain.ledger.what import What
from chalicelib.flow.desk.wall import Hung
from chalicelib.flow.desk.wall import hang as hung
from chalicelib.insight.desk.board import Board
from chalicelib.insight.desk.lately import HOURS, Lately, read_lately
from chalicelib.web.desk import cookies
from chalicelib.web.desk.board_shown import board_shown, state_of, tag_of
from chalicelib.web.desk.noting import noted
from chalicelib.web.desk.page import page, part
from chalicelib.web.desk.reachable import read_or_none
from chalicelib.web.desk.standing import standing
from chalicelib.web.desk.visit import Answer, Visit

NUMBERS = 6
"""Calls that a cause names: more can't be read from across the room."""

HOURS_EVERY = 120
"""Seconds between two looks at the last hours: they are read from the index, and nobody acts on them at once."""

_UNITS = {"days": timedelta(days=1), "hours": timedelta(hours=1), "minutes": timedelta(minutes=1)}


def wall(visit: Visit) -> Answer:
    """Show the board on a wall screen; elsewhere, what hanging it does, and its button."""
    if not visit.person.wall:
        return _form(visit)
    title = visit.say("wall.title", agency=visit.ours.short_name)
    board, lately = board_shown(visit), _lately(visit)
    return page(visit, "wall.html", title=title, **_shown(visit, board), **_of_hours(visit, lately))


def wall_board(visit: Visit) -> Answer:
    """Show the part of the wall that changes from one moment to the next."""
    board = board_shown(visit)
    return part(visit, "wall_board.html", tag_of(visit, board.version), lambda: _shown(visit, board))


def wall_hours(visit: Visit) -> Answer:
    """Show what the last hours brought."""
    told = _of_hours(visit, _lately(visit))
    return part(visit, "wall_hours.html", told["hours_version"], lambda: told)


def hang(visit: Visit) -> Answer:
    """Turn this browser into a wall screen. It lasts longer than the session that it ends, so it is noted first."""
    limits = limits_of(visit.ours.desk)
    home = f"{visit.asked.origin}{visit.asked.link('/desk/sign-in')}"
    act = partial(hung, visit.world, visit.person, visit.ours.agency_id, limits, home, visit.now)
    done: Hung = noted(visit, What.HUNG, "", act)
    shown = page(
        replace(visit, session=done.session, roles=frozenset(), may=frozenset()),
        "wall_hung.html",
        title=visit.say("wall.hung"),
        there=done.location,
        lasts=_lasts(visit),
    )
    return replace(shown, cookies=(cookies.given(cookies.SESSION, done.cookie, int(limits.wall.total_seconds())),))


def _form(visit: Visit) -> Answer:
    return page(
        visit, "wall_form.html", title=visit.say("wall.hang_title"), lasts=_lasts(visit), pauses=standing(visit)
    )


def _lasts(visit: Visit) -> str:
    """Return for how long a wall screen lasts, in its largest unit."""
    length = visit.ours.desk.wall
    unit = next((name for name, one in _UNITS.items() if length >= one and not length % one), "minutes")
    return visit.say(f"wall.{unit}", n=length // _UNITS[unit])


def _shown(visit: Visit, board: Board) -> dict[str, Any]:
    state = state_of(visit, board)
    return {
        "board": board,
        "groups": None if board.waits is None else grouped(board.waits, NUMBERS, NUMBERS),
        "version": tag_of(visit, board.version),
        "said": visit.say(
            "now.waits_say" if board.waits else "now.nothing_say", state=state, count=len(board.waits or ())
        ),
    }


def _of_hours(visit: Visit, lately: Lately | None) -> dict[str, Any]:
    counted = hashlib.sha256(json.encode(lately, order="deterministic")).hexdigest()[:16]
    return {"lately": lately, "hours": HOURS, "every": HOURS_EVERY, "hours_version": tag_of(visit, counted)}


def _lately(visit: Visit) -> Lately | None:
    return read_or_none(lambda: read_lately(visit.world, visit.ours.agency_id, visit.now), "read the last hours")
