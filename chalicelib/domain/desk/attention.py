"""What waits for somebody: one entry for each thing, which is there for as long as its cause lasts. Pure.

An entry names calls, alerts, providers and values, and never a person. It begins at `since`, which may be in the
future: a follow-up waits for nobody until it is late. It ends at `until`, when nothing can be done any more.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from chalicelib.domain.lately import lately

TAKEN_FOR = timedelta(minutes=10)
"""How long an entry is somebody's who took it: without an outcome it is open again."""


class Cause(StrEnum):
    """What something waits for, the gravest first.

    `danger` is an answer that speaks of danger. `held` is a call whose texts a person must release. `feed` is trouble
    with what dispatch sends. `provider` is one that does not answer. `reply` are people's texts that nobody has read in
    time, all in one entry. `overdue` are texts whose time has passed.
    `follow_up` is one that is late. `approval` is what one person proposed and another decides on. `unjudged` are
    values of dispatch that settings do not know. `draft` is one of settings that was to be in force at a time and is
    not.
    """

    DANGER = "danger"
    HELD = "held"
    FEED = "feed"
    PROVIDER = "provider"
    REPLY = "reply"
    OVERDUE = "overdue"
    FOLLOW_UP = "follow_up"
    APPROVAL = "approval"
    UNJUDGED = "unjudged"
    DRAFT = "draft"


_LATER = frozenset({Cause.FOLLOW_UP})
"""Causes that may begin later. Of any other, a beginning that is ahead was written by a clock that jumped."""


class Waiting(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One thing that waits for somebody.

    `about` tells it from others of its cause: a follow-up's name, a call's key, a trouble, a provider. `called` is the
    number by which staff know the call of `incident_number`, or a report's quarter. `detail` is the rule that holds a
    call, the desk of a follow-up, or the act that is proposed. `own` are the sign-ins of those who proposed or wrote
    it: it waits for anybody else. `count` is of texts, and `first_ends` is when the first of them is not worth sending
    any more. `taken_by` is who said "I've got it", at `taken_at`.
    """

    agency_id: str
    cause: Cause
    about: str = ""
    since: datetime
    until: datetime | None = None
    first_ends: datetime | None = None
    incident_number: str = ""
    called: str = ""
    detail: str = ""
    count: int = 0
    taken_by: str = ""
    taken_at: datetime | None = None
    own: tuple[str, ...] = ()

    @property
    def name(self) -> tuple[Cause, str]:
        """Return what tells it from all others of its agency."""
        return self.cause, self.about

    def waits(self, now: datetime) -> bool:
        """Tell whether it waits for somebody now."""
        begun = self.since <= now or self.cause not in _LATER
        return begun and (self.until is None or now < self.until)

    def taken(self, now: datetime) -> bool:
        """Tell whether somebody has taken it lately enough to be at it still."""
        return lately(self.taken_at, TAKEN_FOR, now)

    def take(self, by: str, now: datetime) -> "Waiting":
        """Return it as taken by somebody."""
        return replace(self, taken_by=by, taken_at=now)


def place_of(one: Waiting) -> str:
    """Return where an entry stands among others: a text that sorts as `gravest_first` does, to page by."""
    until = one.until.astimezone(UTC).isoformat() if one.until else "never"
    return f"{[*Cause].index(one.cause)} {until} {one.since.astimezone(UTC).isoformat()} {one.about}"


def gravest_first(found: Iterable[Waiting], now: datetime) -> tuple[Waiting, ...]:
    """Return what waits for somebody now: by cause, then by the time that is left, then by how long it waits."""
    return tuple(sorted((one for one in found if one.waits(now)), key=place_of))


class Attention(Struct, frozen=True):
    """What begins to wait for somebody with a change, or waits otherwise, and the names of what does not any more."""

    begun: tuple[Waiting, ...] = ()
    ended: frozenset[tuple[Cause, str]] = frozenset()

    def __bool__(self) -> bool:
        """Tell whether anything changes."""
        return bool(self.begun or self.ended)


CALM = Attention()


def changed(before: Iterable[Waiting], now: Iterable[Waiting]) -> Attention:
    """Return what leads from what is known to what is so now; somebody who took it keeps it, and it keeps its age."""
    known = {one.name: one for one in before}
    wanted = {one.name: _as_known(one, known.get(one.name)) for one in now}
    begun = tuple(one for name, one in sorted(wanted.items()) if known.get(name) != one)
    return Attention(begun, frozenset(known.keys() - wanted.keys()))


def applied(known: Iterable[Waiting], change: Attention) -> tuple[Waiting, ...]:
    """Return what waits once a change is written; who has taken something keeps it."""
    before = {one.name: one for one in known if one.name not in change.ended}
    return tuple({**before, **{one.name: _taken_as(one, before.get(one.name)) for one in change.begun}}.values())


def _taken_as(one: Waiting, known: Waiting | None) -> Waiting:
    return replace(one, taken_by=known.taken_by, taken_at=known.taken_at) if known else one


def _as_known(one: Waiting, known: Waiting | None) -> Waiting:
    if known is None:
        return one
    return replace(_taken_as(one, known), since=min(one.since, known.since))
