"""Scenarios that an agency keeps with its settings: what may be kept, and which digest a set of them has. Pure.

They change no text that goes out, so one person keeps them, and no approval is of them. A review plays them.
"""

import hashlib
import re
from collections.abc import Iterable
from datetime import datetime
from typing import Literal

import msgspec
from msgspec import Struct

from chalicelib.domain.approval import Author
from chalicelib.domain.ledger.addresses import has_address

MOST = 60
"""Scenarios that an agency keeps: a review plays each."""

LONGEST = 16 * 1024
"""Bytes of one, far below the 400 KB that DynamoDB holds in an item."""

LONGEST_NAME = 60
_NAME = re.compile(r"[a-z]+(?:-[a-z]+|-\d{1,3})*")
_FICTION = re.compile(
    r"(?<!\d)(?:\+?1)?[\s.(-]*\d{3}[\s.)-]*555[\s.-]*01\d\d(?!\d)|[\w.+-]+@[\w.-]+\.example\b", re.IGNORECASE
)
"""Phones and emails that nobody has: 555-0100 to 555-0199 of any area, and domains that end in `.example`."""

Unfit = Literal["name", "long", "person", "many", "unread"]
"""A reason for which a scenario is not kept; `unread` says that it is none."""


class NotKept(ValueError):
    """A scenario that is not kept; `why` is a word of the list, and the text says more where there is more to say."""

    def __init__(self, why: Unfit, more: str = "") -> None:
        super().__init__(more or why)
        self.why, self.more = why, more


class Kept(Struct, frozen=True, kw_only=True):
    """A scenario as an agency keeps it: its file's name without the end, its text, and who kept it when."""

    name: str
    title: str
    text: str
    by: Author
    at: datetime


def may_keep(name: str, text: str, others: Iterable[str]) -> None:
    """Check that a text may be kept under a name beside others; NotKept."""
    if len(name) > LONGEST_NAME or not _NAME.fullmatch(name):
        raise NotKept("name")
    if len(text.encode()) > LONGEST:
        raise NotKept("long")
    if has_address(_FICTION.sub("", text)):
        raise NotKept("person")
    if len({*others, name}) > MOST:
        raise NotKept("many")


def digest_of(kept: Iterable[Kept]) -> str:
    """Return the digest of a set of scenarios: of their names and texts, in whatever order."""
    told = sorted((one.name, one.text) for one in kept)
    return hashlib.sha256(msgspec.json.encode(told)).hexdigest()[:32]
