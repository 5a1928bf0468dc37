"""All that waits, page after page: the first page shows a few of each cause."""

from typing import Any
from urllib.parse import urlencode

from chalicelib.domain.desk.attention import Cause, Waiting, place_of
from chalicelib.web.desk.board_shown import board_shown
from chalicelib.web.desk.now_page import row_words
from chalicelib.web.desk.page import page
from chalicelib.web.desk.visit import Answer, Visit

MOST = 50
"""Entries on a page."""

_CAUSES = frozenset(Cause)
_LONGEST = 400


def waits(visit: Visit) -> Answer:
    """Show all that waits for one cause, or for all of them, so many at a time."""
    wanted, after = visit.asked.query.get("cause", ""), visit.asked.query.get("after", "")[:_LONGEST]
    board = board_shown(visit)
    title = visit.say("waits_all.title")
    if wanted in _CAUSES:
        title = visit.say("waits_all.of", cause=visit.say(f"cause.{wanted}"))
    found = [one for one in board.waits or () if wanted not in _CAUSES or one.cause == wanted]
    return page(
        visit,
        "waits.html",
        title=title,
        unread=board.waits is None,
        count=len(found),
        cause=wanted if wanted in _CAUSES else "",
        pauses=board.pauses,
        stopped=board.pause is not None,
        resumable=False,
        **_page_of(visit, found, wanted, after),
        **row_words(visit),
    )


def _page_of(visit: Visit, found: list[Waiting], wanted: str, after: str) -> dict[str, Any]:
    """Return the entries behind a place, and the address of those behind them; a place needs no entry to be there."""
    left = [one for one in found if place_of(one) > after]
    shown = left[:MOST]
    query = urlencode({**({"cause": wanted} if wanted else {}), "after": place_of(shown[-1])}) if shown else ""
    return {
        "shown": shown,
        "onward": f"{visit.link('waits')}?{query}" if len(left) > MOST else "",
        "begun": bool(after),
    }
