"""Somebody's own phone at the desk: a code goes to it, and whoever enters the code has the phone in hand. Pure.

It is kept with the session, in the clear because test texts go there, and ends with it. Of the code only a hash is
kept. Six digits are soon guessed, so each wrong one is counted before it is said, and a few end the code.
"""

import hmac
import re
from datetime import datetime, timedelta
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from chalicelib.domain.lately import lately

COUNTS_FOR = timedelta(minutes=10)
"""How long a code counts."""

MOST_TRIES = 5
"""Wrong codes that may be entered; after that it takes a new one."""

MOST_KEPT = 5
"""Test texts whose outcome the page shows, the last ones."""

_DIGITS = 6
_CODE = re.compile(f"[0-9]{{{_DIGITS}}}")


class OwnPhone(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The phone of a session, in E.164, and how far it is proven.

    `code` is the name of the text that brought the code, `code_hash` what `hashed` makes of the code. `texts` are the
    names of the last test texts.
    """

    phone: str
    code: str
    code_hash: str
    asked_at: datetime
    tries: int = 0
    proven_at: datetime | None = None
    texts: tuple[str, ...] = ()
    version: int = 0

    @property
    def shown(self) -> str:
        """Return the phone as its owner knows it again, and nobody else could use it."""
        return f"…{self.phone[-4:]}"

    def open(self, now: datetime) -> bool:
        """Tell whether a code may be entered."""
        return self.proven_at is None and self.tries < MOST_TRIES and lately(self.asked_at, COUNTS_FOR, now)


class Entry(StrEnum):
    """What a code that somebody entered is; `late` counts no more, `spent` had too many tries, `none` was not sent."""

    RIGHT = "right"
    WRONG = "wrong"
    SPENT = "spent"
    LATE = "late"
    NONE = "none"


class Entered(Struct, frozen=True):
    """What a code is, and the phone after it: proven, or with one more wrong try."""

    what: Entry
    after: OwnPhone | None


def code_of(chance: bytes) -> str:
    """Return six digits by chance."""
    return f"{int.from_bytes(chance) % 10**_DIGITS:0{_DIGITS}}"


def hashed(secret: bytes, session_hash: str, name: str, code: str) -> str:
    """Return what is kept of a code: it is good in one session, and for the text that brought it."""
    return hmac.digest(secret, f"own phone\n{session_hash}\n{name}\n{code}".encode(), "sha256").hex()


def entered(known: OwnPhone | None, typed: str, secret: bytes, session_hash: str, now: datetime) -> Entered:
    """Return what a code is that somebody typed; what is not six digits is a slip and no try."""
    if known is None or known.proven_at is not None:
        return Entered(Entry.NONE, known)
    if not lately(known.asked_at, COUNTS_FOR, now):
        return Entered(Entry.LATE, known)
    if known.tries >= MOST_TRIES:
        return Entered(Entry.SPENT, known)
    if not _CODE.fullmatch(typed):
        return Entered(Entry.WRONG, known)
    if hmac.compare_digest(known.code_hash, hashed(secret, session_hash, known.code, typed)):
        return Entered(Entry.RIGHT, replace(known, code_hash="", proven_at=now))
    after = replace(known, tries=known.tries + 1)
    return Entered(Entry.SPENT if after.tries >= MOST_TRIES else Entry.WRONG, after)


def with_text(known: OwnPhone, name: str) -> OwnPhone:
    """Return a phone to which one more test text goes."""
    others = tuple(one for one in known.texts if one != name)
    return replace(known, texts=(*others, name)[-MOST_KEPT:])
