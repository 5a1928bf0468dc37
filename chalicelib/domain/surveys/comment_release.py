"""Comment releases: a person has read a comment, and decided whether it may be published."""

from datetime import date, datetime
from typing import Literal

from msgspec import Struct


class CommentRelease(Struct, frozen=True, kw_only=True):
    """A decision on a comment, by its id, day and words in the lake, which lead to no survey.

    `mask` says which characters are blacked out (`black_out.py`); "" for none.
    """

    agency_id: str
    comment_id: str
    dt: date
    words: str
    state: Literal["released", "held"]
    decided_at: datetime
    decided_by: str
    mask: str = ""
