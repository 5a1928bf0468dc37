"""How an agency stands, as the person or the screen may see it."""

from msgspec.structs import replace

from chalicelib.domain.desk.taking import may_know
from chalicelib.insight.desk.board import Board, read_board
from chalicelib.web.desk.noting import acting
from chalicelib.web.desk.visit import Visit


def board_shown(visit: Visit) -> Board:
    """Return how the agency stands, without what waits for others.

    That is what waits for professional standards, and what somebody proposed themselves or may not decide on.
    """
    board = read_board(visit.world, visit.ours, visit.now)
    if board.waits is None:
        return board
    by = acting(visit.person).by
    return replace(board, waits=tuple(one for one in board.waits if may_know(one, visit.may, by)))


def tag_of(visit: Visit, version: str) -> str:
    """Return a name for what this person is shown: their roles decide on its buttons."""
    roles = "-".join(sorted(visit.roles))
    return f'"{version}-{visit.ours.version}-{visit.language}-{roles}-{visit.person.pseudonym}"'


def state_of(visit: Visit, board: Board) -> str:
    """Return the word for how the agency stands: live, in shadow or paused."""
    return visit.say("now.paused" if board.pause else f"now.{board.mode}")
