"""Danger in a reply: looked for beside every other wish, since one text may ask for silence and for help."""

from chalicelib.domain.people.reply import is_plain
from chalicelib.domain.surveys.read_comment import CommentKind, judge


def speaks_of_danger(body: str) -> bool:
    """Tell whether a reply speaks of danger, whatever else it asks for; a plain STOP costs no pattern."""
    return not is_plain(body) and CommentKind.DANGER in judge(body).kinds
