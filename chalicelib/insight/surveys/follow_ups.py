"""Answers that somebody must look at: a desk's list, who has taken one, and the note that somebody saw to it."""

import hashlib
from datetime import UTC, datetime

from msgspec import Struct, json

from chalicelib.domain.desk.attention import Cause, Waiting
from chalicelib.domain.surveys.follow_up import Desk, FollowUp, shown
from chalicelib.ports.world import Ports

MOST = 20
"""Follow-ups on a page of a desk's list: one read each."""


class NothingWaits(LookupError):
    """There is no follow-up of that name at that desk, or somebody has seen to it."""


class Page(Struct, frozen=True):
    """Some of what waits at a desk, the one due first on top; `after` asks for the next, or is ""."""

    found: tuple[FollowUp, ...]
    after: str


def listed(ports: Ports, agency_id: str, desk: Desk, at: datetime, *, everything: bool = False) -> tuple[FollowUp, ...]:
    """Return the follow-ups of a desk that wait, the one due first on top; or all, the answered ones last.

    Those of a survey that does not rest yet are left out, as its next answer may send them to another desk.
    """
    given = (one for one in ports.follow_ups.of(agency_id, desk) if shown(one, at))
    found = [one for one in given if everything or one.answered_at is None]
    return tuple(sorted(found, key=lambda one: (one.answered_at is not None, one.due_at or one.raised_at)))


def page_of(ports: Ports, agency_id: str, desk: Desk, at: datetime, after: str = "") -> Page:
    """Return the same, so many at a time, from what waits for somebody: one query, and one read each.

    What somebody saw to costs nothing, however much of it is kept.
    """
    cause = Cause.DANGER if desk is Desk.ALERTS else Cause.FOLLOW_UP
    waits = [one for one in ports.attention.of(agency_id, (cause,)) if one.detail == desk]
    left = sorted((one for one in waits if _place(one) > after), key=_place)
    named = [one.about.rpartition("#")[2] for one in left[:MOST]]
    read = (ports.follow_ups.find(agency_id, desk, name) for name in named)
    found = tuple(one for one in read if one and one.answered_at is None and shown(one, at))
    return Page(found, _place(left[MOST - 1]) if len(left) > MOST else "")


def closed_page(ports: Ports, agency_id: str, desk: Desk, at: datetime, before: str = "") -> Page:
    """Return what a desk saw to, so many at a time, the last first: one query, and one read each.

    What was taken away from the desk since, such as for professional standards, is as if it had never been there.
    """
    names, onward = ports.follow_ups.closed(agency_id, desk, MOST, before)
    read = (ports.follow_ups.find(agency_id, desk, name) for name in names)
    return Page(tuple(one for one in read if one and one.answered_at and shown(one, at)), onward)


def find(ports: Ports, agency_id: str, desk: Desk, name: str, at: datetime) -> FollowUp | None:
    """Return one of a desk's, seen to or not; None where the desk has none of that name, or must not see it yet."""
    one = ports.follow_ups.find(agency_id, desk, name)
    return one if one and shown(one, at) else None


def mark_of(one: FollowUp) -> str:
    """Return by what a follow-up as it was shown is told from one that was changed since."""
    return hashlib.sha256(json.encode(one, order="deterministic")).hexdigest()[:16]


def answer(ports: Ports, agency_id: str, desk: Desk, name: str, at: datetime, by: str, note: str) -> None:
    """Note that somebody saw to a follow-up; NothingWaits, Conflict."""
    if not ports.follow_ups.answer(agency_id, desk, name, at, by, note):
        raise NothingWaits(f"nothing called {name!r} waits for {desk}")


def _place(one: Waiting) -> str:
    return f"{one.since.astimezone(UTC).isoformat(timespec='microseconds')} {one.about}"
