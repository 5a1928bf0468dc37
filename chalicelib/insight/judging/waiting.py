"""The values that nobody has judged, most frequent first, with all that helps to judge each. Two Queries."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from msgspec import Struct

from chalicelib.domain.desk.judging import Draft
from chalicelib.domain.desk.unjudged import Came
from chalicelib.domain.incidents.update import Evidence
from chalicelib.domain.lately import lately
from chalicelib.domain.names import Kind
from chalicelib.domain.notifications.judged import verdicts
from chalicelib.domain.notifications.safety import sensitive_word
from chalicelib.domain.settings.agency import Agency
from chalicelib.domain.settings.judgements import Judgement
from chalicelib.domain.settings.meaning import lacks_meaning
from chalicelib.domain.settings.neighbours import neighbours
from chalicelib.domain.text import readable
from chalicelib.insight.settings.worklist import looks
from chalicelib.wiring import Aws

PAGE = 25
"""Values of one screen."""

_DIGITS = 12
_FIRST = (-(10**_DIGITS), "")
"""The place before all others."""

SETTLING = timedelta(minutes=2)
"""A container may know the settings of a minute ago: what was put in force since does not wait again."""


class Waits(Struct, frozen=True, kw_only=True):
    """A value that waits: how it came, and the draft of somebody, if there is one."""

    came: Came
    draft: Draft | None = None

    @property
    def id(self) -> str:
        """Return the short name of the value."""
        return self.came.id

    @property
    def proposed(self) -> bool:
        """Tell whether it waits for a second person."""
        return self.draft is not None and self.draft.state == "proposed"

    @property
    def number(self) -> int:
        """Return what a draft must be written over."""
        return self.draft.number if self.draft else 0


class Shown(Struct, frozen=True, kw_only=True):
    """A value with all that helps to judge it.

    `kinds` are the messages that its type would get, None for what is no type. `needs_meaning` and `needs_reason` tell
    what a judgement that lets a text go must say besides.
    """

    waits: Waits
    looks: str
    kinds: tuple[Kind, ...] | None
    near: tuple[Judgement, ...]
    readable: bool
    needs_meaning: bool
    needs_reason: bool


class Sought(Struct, frozen=True, kw_only=True):
    """What somebody wants to see: values with a draft or without, of a field, that the word lists know or don't."""

    proposed: bool = False
    field: str = ""
    known: bool | None = None


class ListPage(Struct, frozen=True, kw_only=True):
    """A screen of values; `after` is the key of the next one, or "". `all` counts what fits, on whichever screen."""

    found: tuple[Waits, ...]
    after: str
    all: int


def read(aws: Aws, agency: Agency) -> tuple[Waits, ...]:
    """Return every value that came or was drafted, most frequent first, whether it still waits or not."""
    drafts = {one.id: one for one in aws.judging.drafts(agency.agency_id)}
    came = {one.id: one for one in aws.judging.values(agency.agency_id)}
    for name, draft in drafts.items():
        if name not in came:
            came[name] = Came(item=draft.item, calls=0, since=draft.at, heard_at=draft.at)
    found = (Waits(came=one, draft=drafts.get(name)) for name, one in came.items())
    return tuple(sorted(found, key=lambda one: one.came.place))


def waiting(found: Iterable[Waits], agency: Agency, now: datetime) -> tuple[Waits, ...]:
    """Return the values that wait, of all that came or were drafted."""
    return tuple(one for one in found if _waits(one, agency, now))


def screen(found: Sequence[Waits], agency: Agency, sought: Sought, after: str = "", most: int = PAGE) -> ListPage:
    """Return a screen of the values that somebody wants to see, from a key on."""
    fitting = [one for one in found if _fits(one, agency, sought)]
    rest = [one for one in fitting if not after or one.came.place > _place(after)]
    page = rest[:most]
    return ListPage(found=tuple(page), after=key(page[-1]) if len(rest) > most else "", all=len(fitting))


def key(one: Waits) -> str:
    """Return the place of a value in the list."""
    return f"{one.came.calls}-{one.id}"


def shown(found: Iterable[Waits], agency: Agency) -> tuple[Shown, ...]:
    """Return values with what helps to judge them."""
    return tuple(_shown(one, agency) for one in found)


def _shown(one: Waits, agency: Agency) -> Shown:
    item = one.came.item
    return Shown(
        waits=one,
        looks=looks(item, agency),
        kinds=_kinds(item, agency),
        near=neighbours(item, agency.judgements),
        readable=readable(item.code) and readable(item.text),
        needs_meaning=lacks_meaning(item.field, item.code, item.text),
        needs_reason=sensitive_word(item, agency) is not None,
    )


def _kinds(item: Evidence, agency: Agency) -> tuple[Kind, ...] | None:
    """Return the kinds that calls of a type may get, here or in one of the cities; None for what is no type."""
    if item.field != "incident_type":
        return None
    rules = (each.type_of(item.code) for each in (agency, *map(agency.in_city, agency.cities)))
    told = {kind for rule in rules if rule for kind in rule.notify}
    return tuple(kind for kind in Kind if kind in told)


def _waits(one: Waits, agency: Agency, now: datetime) -> bool:
    draft = one.draft
    if draft and draft.state == "in_force" and lately(draft.answered_at, SETTLING, now):
        return False
    return bool(one.came.calls or one.proposed) and not verdicts(one.came.item, agency)


def _fits(one: Waits, agency: Agency, sought: Sought) -> bool:
    if one.proposed != sought.proposed or sought.field not in ("", one.came.item.field):
        return False
    return sought.known is None or bool(looks(one.came.item, agency)) == sought.known


def _place(after: str) -> tuple[int, str]:
    """Return the place that a key names; the beginning for what is no key."""
    calls, _, name = after.partition("-")
    return (-int(calls), name) if calls.isascii() and calls.isdecimal() and len(calls) <= _DIGITS else _FIRST
