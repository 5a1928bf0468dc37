"""Now: what needs a person, the brake, and what the last hours brought."""

from decimal import Decimal
from functools import partial
from typing import Any

from chalicelib.domain.desk.grouped import ends_at, grouped
from chalicelib.domain.desk.permissions import Permission
from chalicelib.domain.desk.taking import may_take
from chalicelib.domain.settings.budget import Spent
from chalicelib.insight.desk.board import Board
from chalicelib.insight.desk.lately import HOURS, Lately, read_lately
from chalicelib.web.desk.board_shown import board_shown, state_of, tag_of
from chalicelib.web.desk.leads import opens, step
from chalicelib.web.desk.page import page, part
from chalicelib.web.desk.reachable import read_or_none
from chalicelib.web.desk.visit import Answer, Visit
from chalicelib.web.desk.waits_words import next_of_all, wait_next, wait_words
from chalicelib.web.desk.wording import reason_words


def now(visit: Visit) -> Answer:
    """Show how the agency stands. What can't be read is said; the brake is there all the same."""
    return now_with(visit)


def now_with(visit: Visit, problem: str = "", status: int = 200) -> Answer:
    """Show the same, after something that was pressed here and not done."""
    board = board_shown(visit)
    return page(
        visit,
        "now.html",
        status,
        problem=problem,
        title=visit.say("now.title"),
        lately=_lately(visit),
        hours=HOURS,
        spend=_spend(visit),
        comments=_comments(visit),
        why=partial(reason_words, visit),
        **_shown(visit, board),
    )


def waiting(visit: Visit) -> Answer:
    """Show the part of it that changes: nothing where the browser has it already."""
    board = board_shown(visit)
    return part(visit, "waiting.html", tag_of(visit, board.version), lambda: _shown(visit, board))


def _shown(visit: Visit, board: Board) -> dict[str, Any]:
    state = state_of(visit, board)
    count = len(board.waits or ())
    return {
        "board": board,
        "groups": None if board.waits is None else grouped(board.waits),
        "published": visit.world.settings.signed(visit.ours.agency_id, visit.ours.version),
        "stopped": board.pause is not None,
        "resumable": bool(board.pauses),
        "version": tag_of(visit, board.version),
        "said": visit.say("now.waits_say" if count else "now.nothing_say", state=state, count=count),
        **row_words(visit),
    }


def row_words(visit: Visit) -> dict[str, Any]:
    """Return what the rows of what waits ask for: their words, where they lead, and who may take them."""
    return {
        "wait_words": partial(wait_words, visit),
        "wait_next": partial(wait_next, visit),
        "next_of_all": partial(next_of_all, visit),
        "step": partial(step, visit),
        "opens": partial(opens, visit),
        "ends_at": ends_at,
        "may_take": lambda one: may_take(one, visit.may),
    }


def _comments(visit: Visit) -> str:
    """Return how many comments wait to be read, for whoever reads them: "" where none does, or that can't be read."""
    if Permission.COMMENTS_READ not in visit.may:
        return ""
    from chalicelib.flow.surveys.count_comments import COUNTED, count_comments

    many = read_or_none(lambda: count_comments(visit.world, visit.ours.agency_id, visit.now), "count comments")
    return visit.say("now.comments_most" if many == COUNTED else "now.comments", n=many) if many else ""


def _lately(visit: Visit) -> Lately | None:
    return read_or_none(lambda: read_lately(visit.world, visit.ours.agency_id, visit.now), "read the last hours")


def _spend(visit: Visit) -> str:
    budget = visit.ours.budget
    if not budget.limited:
        return visit.say("now.spent_nothing")
    spent = _in_this_month(visit, visit.world.settings.spent(visit.ours.agency_id))
    dollars = f"{spent.month * Decimal(budget.segment_price):,.2f}"
    limit = f"${budget.dollars_per_month:,}" if budget.dollars_per_month else ""
    return visit.say(
        "now.spent_of" if limit else "now.spent", segments=f"{spent.month:,}", dollars=dollars, limit=limit
    )


def _in_this_month(visit: Visit, spent: Spent) -> Spent:
    """Return what is counted, unless its month is over."""
    zone = visit.ours.zone
    at = (spent.at or visit.now).astimezone(zone)
    here = visit.now.astimezone(zone)
    return spent if (at.year, at.month) == (here.year, here.month) else Spent()
