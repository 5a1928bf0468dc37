"""Comment releases: a person has read a comment, and decided whether it may be published. Pure.

A comment is on one of three lists: new, released or held. A list has no words and no person. It names where the comment
is, so that its page reads it as its writer has it now.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Literal

from msgspec import Struct

State = Literal["released", "held"]
CommentList = Literal["new", "released", "held"]
LISTS: tuple[CommentList, ...] = ("new", "released", "held")


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


def place_of_act(words: Mapping[str, str]) -> str:
    """Return where the comment stands that an act of two people is about, by the act's words."""
    return place_of(date.fromisoformat(words["day"]), words["comment"])


_LETTERS = str.maketrans("0123456789#", "ghijklmnop.")
_BACK = str.maketrans("ghijklmnop.", "0123456789#")


def in_address(place: str) -> str:
    """Write a place for an address, in letters alone, which look like no phone."""
    return place.translate(_LETTERS)


def from_address(text: str) -> str:
    """Read what `in_address` wrote; what it did not write is the place of nothing."""
    return text.translate(_BACK)
