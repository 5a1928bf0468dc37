"""Comment releases: a person has read a comment, and decided whether it may be published."""

from datetime import date, datetime
from typing import Literal

from msgspec import Struct

from chalicelib.domain.surveys.listed import CommentList

State = Literal["released", "held"]


def state_of(mask: str) -> State:
    """Return the state of a comment that may be published, as the release before may read it."""
    return "held" if mask else "released"


class CommentRelease(Struct, frozen=True, kw_only=True):
    """A decision on a comment, by its id, day and words in the lake, which lead to no survey.

    `mask` says which characters are blacked out (`black_out.py`); "" for none. A comment with a mask may be published
    without them, although its state is `held`: the release before knows no masks, and must not publish it.
    """

    agency_id: str
    comment_id: str
    dt: date
    words: str
    state: State
    decided_at: datetime
    decided_by: str
    mask: str = ""

    @property
    def quotable(self) -> bool:
        """Tell whether a report may quote the words, without those that are blacked out."""
        return self.state == "released" or bool(self.mask)

    @property
    def listed(self) -> CommentList:
        """Return the list on which the comment is then."""
        return "released" if self.quotable else "held"
