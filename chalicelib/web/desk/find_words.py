"""Find in words: what was near, filters as links, and the lines of a list."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from msgspec import Struct

from chalicelib.domain.desk.local_time import BadSpan, Comes, LocalSpan, comes, typed_time
from chalicelib.domain.desk.recent import Recent
from chalicelib.domain.notifications.notification import State
from chalicelib.web.desk.find_query import FACETS, Search, span_of
from chalicelib.web.desk.times import Times
from chalicelib.web.desk.visit import Visit
from chalicelib.web.desk.wording import reason_words

if TYPE_CHECKING:
    from chalicelib.insight.desk.find import Near

MOST = 12
"""Values of one filter that a page names, those with the most entries first."""


class Facet(Struct, frozen=True, kw_only=True):
    """One filter: what it is called, its values with how many entries each has and where it leads, and what is chosen.

    `off` leads back to all of them.
    """

    name: str
    values: tuple[tuple[str, int, str], ...]
    chosen: str = ""
    off: str = ""


def facets_of(visit: Visit, search: Search, found: Iterable[Recent]) -> tuple[Facet, ...]:
    """Return the filters over what a page shows, each value a link."""
    entries = tuple(found)
    return tuple(one for facet in FACETS if (one := _facet(visit, search, facet, entries)).values or one.chosen)


def _facet(visit: Visit, search: Search, facet: str, entries: tuple[Recent, ...]) -> Facet:
    name, chosen = visit.say(f"find.by_{facet}"), getattr(search, facet)
    if chosen:
        said = _said(visit, facet, chosen, entries)
        return Facet(name=name, values=(), chosen=said, off=search.query(**{facet: "", "after": ""}))
    counts = Counter(value for one in entries if (value := _value(one, facet)))
    values = (
        (_said(visit, facet, value, entries), many, search.query(**{facet: value, "after": ""}))
        for value, many in counts.most_common(MOST)
    )
    return Facet(name=name, values=tuple(values))


def _said(visit: Visit, facet: str, value: str, entries: tuple[Recent, ...]) -> str:
    """Return the words for a value; of a reason, whether it still holds them all or has ended some."""
    if facet == "reason" and all(one.state == State.SCHEDULED for one in entries if one.reason == value):
        return reason_words(visit, value, waits=True)
    return value_words(visit, facet, value)


def _value(one: Recent, facet: str) -> str:
    if facet == "kind":
        return one.kind or "call"
    return str(getattr(one, "incident_type" if facet == "type" else facet))


def value_words(visit: Visit, facet: str, value: str) -> str:
    """Return the words for a value; one of another release, and a type or a beat, reads as it is."""
    if facet == "reason":
        return reason_words(visit, value)
    if facet in ("kind", "state"):
        try:
            return visit.say(f"{facet}.{value}")
        except KeyError:
            return value
    return value


def near_words(visit: Visit, span: LocalSpan, near: "Near", whose: str) -> str:
    """Say between which times nothing was found, and what there was then."""
    times = Times(visit.ours.zone, visit.now, visit.say)
    between = visit.say(f"find.between_{whose}", since=times.weekday(span.since), until=times.weekday(span.until))
    count = f"{near.calls}+" if near.more else str(near.calls)
    beats = ", ".join(near.beats)
    words = "near_none" if not near.calls else "near_one" if near.calls == 1 and not near.more else "near_many"
    told = visit.say(f"find.{words}_{whose}", n=count)
    on = visit.say("find.near_beats", beats=beats) if beats else ""
    return " ".join(filter(None, (between, told, on)))


def clock_words(visit: Visit, search: Search) -> tuple[str, ...]:
    """Say of a typed time that comes twice, or never, what was made of it."""
    times, zone = Times(visit.ours.zone, visit.now, visit.say), visit.ours.zone
    typed = (at for at in map(typed_time, (search.since, search.until)) if at)
    odd = [(at, how) for at in typed if (how := comes(at, zone)) is not Comes.ONCE]
    try:
        span = span_of(visit, search)
    except BadSpan:
        return ()
    between = {"since": times.weekday(span.since), "until": times.weekday(span.until)}
    told = (visit.say(f"find.clocks_{how}", day=times.date(at), time=f"{at:%H:%M}", **between) for at, how in odd)
    return tuple(dict.fromkeys(told))


def before_of(after: str) -> datetime | None:
    """Return the instant before which a person's next calls are; None for what is none."""
    try:
        at = datetime.fromisoformat(after)
    except ValueError:
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def lines(visit: Visit, found: Iterable[Recent]) -> Iterator[tuple[str, ...]]:
    """Yield an entry's words, in the order of the list's columns behind its time and number."""
    for one in found:
        kind = value_words(visit, "kind", one.kind) if one.kind else visit.say("find.call")
        reason = reason_words(visit, one.reason, waits=one.state == State.SCHEDULED) if one.reason else ""
        yield kind, value_words(visit, "state", one.state), reason, one.incident_type, one.beat
