"""When the people who watch are paged of what waits: at once, again, and then the next of them. Pure.

A page has no content: how much waits, of which cause, for how long. Each thing climbs its cause's ladder until somebody
takes it or it ends. Danger goes by itself. Everything else is grouped: one page an address in `GROUPED`.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta, tzinfo

from msgspec import Struct
from msgspec.structs import replace

from chalicelib.domain.desk.attention import TAKEN_FOR, Cause, Waiting
from chalicelib.domain.desk.drill import Drill, Tries
from chalicelib.domain.desk.permissions import Role
from chalicelib.domain.lately import lately
from chalicelib.domain.settings.watchers import NEVER_PAGES, Watchers, Watching, Who, short_name
from chalicelib.domain.surveys.follow_up import Desk


class Rung(Struct, frozen=True):
    """One step of a ladder: who is paged, how long after something began to wait."""

    after: timedelta
    who: Who


def _rungs(*steps: tuple[int, Who]) -> tuple[Rung, ...]:
    return tuple(Rung(timedelta(minutes=minutes), who) for minutes, who in steps)


DANGER = _rungs((0, Who.FIRST), (2, Who.FIRST), (5, Who.SECOND), (10, Who.COMMANDER))
USUAL = _rungs((0, Who.FIRST), (15, Who.SECOND))
GROUPED = timedelta(minutes=15)
"""A storm of held calls is one page in this time for each address. Danger waits for no other page."""

DANGER_AGAIN, AGAIN = timedelta(minutes=10), timedelta(hours=4)
"""How often the last of a ladder is paged again while nobody takes it."""


class Climb(Struct, frozen=True, omit_defaults=True):
    """How far a thing has climbed: it began at `since`, these rungs were told, the last of them at `at`.

    `begun_at` is from when it climbs where `since` was ahead of the clock: it must not wait for its own time.
    """

    since: datetime
    told: tuple[int, ...] = ()
    at: datetime | None = None
    begun_at: datetime | None = None

    def begun(self, now: datetime) -> "Climb":
        """Return it as it climbs from now at the latest."""
        from_then = self.begun_at or self.since
        return replace(self, begun_at=now) if from_then > now else self


class Mailed(Struct, frozen=True, omit_defaults=True):
    """When an email last told a role what waits, and of which causes that wait still."""

    at: datetime | None = None
    causes: frozenset[Cause] = frozenset()


MailBook = Mapping[Role, Mailed]
"""The stored memory of emails, by role."""


class PagingBook(Struct, frozen=True, omit_defaults=True):
    """The stored memory of an agency's pages. `grouped` has the last grouped page, `drills` the last drill, by
    `short_name` of the address. `tries` are wrong codes of drills, `mailed` is of which emails said what waits.
    """

    climbs: Mapping[str, Climb] = {}
    grouped: Mapping[str, datetime] = {}
    drills: Mapping[str, Drill] = {}
    tries: Tries = {}
    mailed: MailBook = {}


class Page(Struct, frozen=True, kw_only=True):
    """A page for an address: how many things wait by cause, and since when the oldest does.

    `beyond` are the addresses above it on the ladder: they are paged where this one can't be.
    """

    address: str
    counts: tuple[tuple[Cause, int], ...]
    since: datetime
    beyond: tuple[str, ...] = ()


def ladder(cause: Cause) -> tuple[Rung, ...]:
    """Return the ladder of a cause."""
    return DANGER if cause is Cause.DANGER else USUAL


def due_pages(
    waiting: Iterable[Waiting],
    book: PagingBook,
    watching: Watching,
    now: datetime,
    zone: tzinfo,
    standards: str = "",
) -> tuple[tuple[Page, ...], PagingBook]:
    """Return the pages that are due and the memory once they are sent. Nothing is ever released by time, only told.

    `standards` is the mailbox of professional standards: nobody else is paged of an allegation, not even by a count.
    """
    climbs, calls = dict[str, Climb](), list[_Call]()
    for thing in _things(waiting, watching, now, standards):
        known = book.climbs.get(thing.name)
        climb = (known if known and known.since == thing.since else Climb(thing.since)).begun(now)
        rungs = ladder(thing.cause)
        addressed = [(place, thing.watchers.address(rungs[place].who, now, zone)) for place in _due(climb, rungs, now)]
        free = [
            (place, address)
            for place, address in addressed
            if thing.cause is Cause.DANGER or _is_free(address, book, now)
        ]
        told = sorted({*climb.told, *(place for place, _ in free)})
        climbs[thing.name] = replace(climb, told=tuple(told), at=now if free else climb.at)
        calls += (_Call(address, thing) for _, address in free)
    grouped = {short_name(call.address): now for call in calls if call.thing.cause is not Cause.DANGER}
    kept = {name: at for name, at in book.grouped.items() if lately(at, GROUPED, now)}
    return tuple(_pages(calls, now)), replace(book, climbs=climbs, grouped={**kept, **grouped})


class _Thing(Struct, frozen=True):
    """Something that climbs: its name, how many entries it is, and who watches it."""

    name: str
    cause: Cause
    since: datetime
    count: int
    watchers: Watchers


class _Call(Struct, frozen=True):
    """A thing that an address is to be told of."""

    address: str
    thing: _Thing


def _things(waiting: Iterable[Waiting], watching: Watching, now: datetime, standards: str) -> Iterator[_Thing]:
    """Yield what climbs. Texts of danger about one call are one thing: a frightened person writes several."""
    found: defaultdict[tuple[str, Cause], list[datetime]] = defaultdict(list)
    watched = dict[str, Watchers]()
    for one in waiting:
        watchers = _watchers(one, watching, standards)
        if watchers is None or one.cause in NEVER_PAGES or not one.waits(now) or one.taken(now):
            continue
        call = one.incident_number if one.cause is Cause.DANGER else ""
        name = f"{one.cause}#call {call}" if call else f"{one.cause}#{one.about}"
        watched[name] = watchers
        found[name, one.cause].append(max(one.since, one.taken_at + TAKEN_FOR) if one.taken_at else one.since)
    for (name, cause), since in found.items():
        yield _Thing(name, cause, min(since), len(since), watched[name])


def _watchers(one: Waiting, watching: Watching, standards: str) -> Watchers | None:
    """Return who is paged of an entry; None where nobody is."""
    if one.detail == Desk.STANDARDS:
        return Watchers(first=standards, second=standards) if standards and one.cause in watching else None
    return watching.get(one.cause)


def _due(climb: Climb, rungs: Sequence[Rung], now: datetime) -> list[int]:
    """Return the rungs that are due and were not told yet; the last one again where nobody came for long."""
    age = now - (climb.begun_at or climb.since)
    due = [place for place, rung in enumerate(rungs) if age >= rung.after and place not in climb.told]
    again = DANGER_AGAIN if rungs is DANGER else AGAIN
    if not due and climb.at and len(climb.told) == len(rungs) and not lately(climb.at, again, now):
        return [len(rungs) - 1]
    return due


def _is_free(address: str, book: PagingBook, now: datetime) -> bool:
    return not lately(book.grouped.get(short_name(address)), GROUPED, now)


def _pages(calls: Iterable[_Call], now: datetime) -> Iterator[Page]:
    """Yield one page of danger and one of all else for each address, danger first."""
    by_page: defaultdict[tuple[bool, str, bool], dict[str, _Thing]] = defaultdict(dict)
    for call in calls:
        # An allegation has one watcher alone. It shares no page: another's would go on to the others of its ladder.
        alone = call.thing.watchers.first == call.thing.watchers.second
        by_page[call.thing.cause is not Cause.DANGER, call.address, alone][call.thing.name] = call.thing
    for (_, address, _), things in sorted(by_page.items()):
        counts = Counter[Cause]()
        for thing in things.values():
            counts[thing.cause] += thing.count
        others = (each for thing in things.values() for each in thing.watchers.addresses)
        yield Page(
            address=address,
            counts=tuple((cause, counts[cause]) for cause in Cause if counts[cause]),
            since=min(now, *(thing.since for thing in things.values())),
            beyond=tuple(dict.fromkeys(each for each in others if each != address)),
        )
