"""In an emergency one person restores settings that two approved, at once: which they may be. Pure.

It is for words that went wrong. What two people saw once, one may bring back; what they never saw, nobody does alone.
So a version that one person published can't be, nor what would go live or let somebody in: these two are no remedy.
"""

from typing import Literal

from chalicelib.domain.approval import signed_by
from chalicelib.domain.settings.agency import Agency
from chalicelib.domain.settings.weaker_desk import let_in
from chalicelib.domain.settings.weaker_sent import goes_live

WhyNot = Literal["in_force", "later", "one_person", "goes_live", "lets_in", "unsound"]
"""A reason for which a version can't be restored: it is in force, it is none yet, one person published it, and so on.

`unsound` says that the check of this release finds errors in it, such as those of the safety floor.
"""


class NotRestored(ValueError):
    """A version that one person can't restore; `why` is a word of the list."""

    def __init__(self, why: WhyNot) -> None:
        super().__init__(WORDS[why])
        self.why = why


WORDS: dict[WhyNot, str] = {
    "in_force": "this version is in force",
    "later": "there is no such version yet",
    "one_person": "two people did not approve this version: publish it as any other settings",
    "goes_live": "it would text where nothing is texted now: that takes two people",
    "lets_in": "it would let more people in at the desk: that takes two people",
    "unsound": "the check of this release finds errors in it: see `tenfour settings check`",
}


def may_restore(present: Agency, number: int, author: str, restored: Agency) -> None:
    """Check that one person may put a version in force again that somebody published; NotRestored.

    `author` is who published it, as it is kept with the version.
    """
    if number == present.version:
        raise NotRestored("in_force")
    if number > present.version:
        raise NotRestored("later")
    if len(signed_by(author)) < 2:  # noqa: PLR2004  an approval by two
        raise NotRestored("one_person")
    if goes_live(present, restored):
        raise NotRestored("goes_live")
    if any(let_in(present, restored)):
        raise NotRestored("lets_in")
