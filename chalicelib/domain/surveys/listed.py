"""Comments in the lists of whoever decides whether a report may quote them: new, released and held. Pure.

A list has no words and no person. It names where the comment is, so that its page reads it as its writer has it now.
"""

from datetime import date, datetime
from typing import Literal

from msgspec import Struct

CommentList = Literal["new", "released", "held"]
LISTS: tuple[CommentList, ...] = ("new", "released", "held")


class Listed(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A comment in a list: its id and day in the lake, its question, its words' digest, and its survey's token's hash.

    `since` is when it is shown: not before its survey rests, as more answers may be an allegation. It is None for an
    anonymous survey, of whose answers no instant is kept.
    """

    id: str
    day: date
    survey: str
    question: str
    words: str
    since: datetime | None = None

    @property
    def place(self) -> str:
        """Return where it stands in its list, the day of the asking first."""
        return place_of(self.day, self.id)

    def shown(self, at: datetime) -> bool:
        """Tell whether it is shown by then."""
        return self.since is None or self.since <= at


def place_of(day: date, name: str) -> str:
    """Return where a comment of that day and id stands in a list."""
    return f"{day.isoformat()}#{name}"
