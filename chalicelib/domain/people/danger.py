"""Danger in a reply: looked for beside every other wish, since one text may ask for silence and for help."""

import re
from typing import NamedTuple

from chalicelib.domain.people.reply import Intent, intent, is_plain
from chalicelib.domain.surveys.read_comment import CommentKind, judge

_AS_WE_WRITE_IT = re.compile(r"\s*STOP\b(?=.*[a-z])", re.DOTALL)
"""STOP in capitals before other words: our texts say it so. Where all is in capitals, it may be any word."""


class Wishes(NamedTuple):
    """What a reply asks for, and whether it speaks of danger."""

    asked: Intent
    danger: bool


def wishes(body: str) -> Wishes:
    """Read what a reply asks for, and whether it speaks of danger; a plain STOP costs no pattern for that.

    "STOP he's back" asks for silence and for help. Without danger, "STOP the music please" asks for neither.
    """
    asked = intent(body)
    danger = not is_plain(body) and CommentKind.DANGER in judge(body).kinds
    if danger and asked is Intent.OTHER and _AS_WE_WRITE_IT.match(body):
        return Wishes(Intent.STOP, danger)
    return Wishes(asked, danger)
