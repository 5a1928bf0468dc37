"""A session at the desk: who it is, and how long it counts. Pure.

It keeps what the identity provider said of a person, and not their roles: those are read from the settings in force at
each request, so that a change counts at once.
"""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from functools import reduce
from typing import Literal, Self

from msgspec import Struct
from msgspec.structs import replace

from chalicelib.domain.desk.permissions import WATCHES, Permission, permitted
from chalicelib.domain.duration import Duration
from chalicelib.domain.lately import lately
from chalicelib.domain.settings.desk import IDLE, LONGEST, WALL, Desk, roles_of

FRESH = timedelta(minutes=30)
"""What is grave asks to sign in again after this long."""

RENEWED_EVERY = timedelta(minutes=1)
"""An act is noted at most this often: one write a minute of work, and a lock that is a minute early at most."""

Standing = Literal["open", "locked", "ended"]


class Limits(Struct, frozen=True, kw_only=True):
    """How long a session is open without an act, and at most; `wall` is how long one for a wall screen is."""

    idle: Duration
    longest: Duration
    wall: Duration = WALL

    def within(self, other: Self) -> Self:
        """Return the tighter of two limits."""
        return type(self)(
            idle=min(self.idle, other.idle),
            longest=min(self.longest, other.longest),
            wall=min(self.wall, other.wall),
        )


WIDEST = Limits(idle=IDLE, longest=LONGEST)
"""The limits where no agency's settings say less."""


class Session(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Somebody's session.

    `hash` is the SHA-256 of the cookie, in hex; nobody stores the cookie. `groups` are the values of the claims that
    settings name, by claim. `signed_in_at` is when the person proved who they are, by the provider's `auth_time`, or
    None where it does not say. A session for a wall board watches only one agency, `wall_at`, and does not lock.
    `limits` are the tightest of the agencies where the person had a role when it began.
    """

    hash: str
    issuer: str
    subject: str
    began_at: datetime
    acted_at: datetime
    name: str = ""
    groups: Mapping[str, tuple[str, ...]] = {}
    methods: tuple[str, ...] = ()
    signed_in_at: datetime | None = None
    wall: bool = False
    wall_at: str = ""
    limits: Limits = WIDEST

    @property
    def pseudonym(self) -> str:
        """Return the short name of the session in the ledger; it leads back to no cookie and to no row."""
        return hashlib.sha256(self.hash.encode()).hexdigest()[:12]


def limits_of(desk: Desk) -> Limits:
    """Return the limits that an agency's settings set."""
    return Limits(idle=desk.idle, longest=desk.longest, wall=desk.wall)


def limits_for(groups: Mapping[str, tuple[str, ...]], desks: Iterable[Desk]) -> Limits:
    """Return the tightest limits of the agencies where somebody has a role: no visit to one keeps another open."""
    return reduce(Limits.within, (limits_of(desk) for desk in desks if roles_of(groups, desk)), WIDEST)


def standing(session: Session, limits: Limits, now: datetime) -> Standing:
    """Tell whether a session is open, locked because nobody acted, or at its end."""
    limits = limits.within(session.limits).within(WIDEST)
    longest = limits.wall if session.wall else limits.longest
    if not lately(session.began_at, longest, now):
        return "ended"
    if not session.wall and not lately(session.acted_at, limits.idle, now):
        return "locked"
    return "open"


def wall_of(session: Session, session_hash: str, agency_id: str, limits: Limits, now: datetime) -> Session:
    """Return the session of a wall screen that somebody opens: theirs, so that they can end it, and of one agency."""
    return replace(session, hash=session_hash, began_at=now, acted_at=now, wall=True, wall_at=agency_id, limits=limits)


def renewable(session: Session, now: datetime) -> bool:
    """Tell whether an act is to be noted: whoever works on never locks, however short the limit is."""
    return now - session.acted_at >= min(RENEWED_EVERY, session.limits.idle / 2)


def fresh(session: Session, now: datetime) -> bool:
    """Tell whether the person proved lately who they are, as what is grave asks."""
    return lately(session.signed_in_at, FRESH, now)


def proven(session: Session, desk: Desk) -> bool:
    """Tell whether the sign-in was of a kind that the agency's settings demand."""
    return not desk.methods or not set(desk.methods).isdisjoint(session.methods)


def barred(session: Session, desk: Desk) -> bool:
    """Tell whether somebody has a role that counts for nothing, because their sign-in lacks what settings demand."""
    return bool(roles_of(session.groups, desk)) and not proven(session, desk)


def permissions_of(session: Session, desk: Desk) -> frozenset[Permission]:
    """Return what a session may do at an agency, by the settings in force."""
    roles = roles_of(session.groups, desk) if proven(session, desk) else ()
    may = permitted(roles)
    return may & {*WATCHES, *permitted(())} if session.wall else may
