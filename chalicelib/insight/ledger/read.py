"""Read the ledger: the looks and acts, the steps of two people and the audit of records, as one list by time.

The newest line is first. A page costs three Queries, one of each store, whatever else is stored. What no index has,
such as a reason, is looked for among a limited number of lines; the page then says where to go on. `tenfour records
audit` and the desk's page call this.
"""

import heapq
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import groupby

from msgspec import Struct

from chalicelib.aws.stores.ledger import LedgerTable, NoLedger
from chalicelib.domain.approval import WAITS_FOR
from chalicelib.domain.ledger.what import REASONS
from chalicelib.insight.ledger.line import ACTS, AUDITED, Line, is_about, is_by, of_audit, of_entry, of_noted
from chalicelib.wiring import Aws

BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)
_LONGEST_STEP = WAITS_FOR + timedelta(hours=1)
"""After its proposal an act is done or has failed within so long: an erasure takes its time."""


class Asked(Struct, frozen=True, kw_only=True):
    """A part of the ledger: from one instant to another, both included; of one kind, of one person; where it goes on.

    `what` and `reason` are words of the closed lists. `by` is a person as lines name their author, or that name's key.
    `about` is an incident or person as lines name them. `after` is what the page before gave.
    """

    agency_id: str
    until: datetime
    since: datetime = BEGINNING
    what: str = ""
    by: str = ""
    about: str = ""
    reason: str = ""
    after: str = ""


class Page(Struct, frozen=True):
    """Lines, the newest first, and where the next page goes on; empty at the end."""

    lines: tuple[Line, ...]
    after: str


def read(aws: Aws, asked: Asked, most: int = 100, look: int | None = None) -> Page:
    """Return a page of the ledger; ValueError for an `after` that no page gave.

    It ends behind `most` lines, or where it has looked through `look` of them, whether they are what was asked for or
    not.
    """
    found, looked, last = list[Line](), 0, ""
    for line in _all(aws, asked, min(most, look or most) + 1):
        if len(found) == most or looked == look:
            return Page(tuple(found), last)
        looked, last = looked + 1, f"{line.at.isoformat()} {line.place}"
        if _fits(line, asked):
            found.append(line)
    return Page(tuple(found), "")


def lines(aws: Aws, asked: Asked, size: int = 100) -> Iterator[Line]:
    """Yield the lines, the newest first, each store read `size` at a time."""
    return (line for line in _all(aws, asked, size) if _fits(line, asked))


def _all(aws: Aws, asked: Asked, size: int) -> Iterator[Line]:
    """Yield every line of the time, and perhaps of others than were asked for, the newest first."""
    until, place = _place(asked)
    sources = (_noted(aws, asked, until, size), _approved(aws, asked, until, size), _audited(aws, asked, until, size))
    merged = heapq.merge(*sources, key=lambda line: line.at, reverse=True)
    for at, together in groupby(merged, key=lambda line: line.at):
        found = sorted(_once(list(together)), key=lambda line: line.place)
        yield from (line for line in found if at < until or line.place > place)


def _fits(line: Line, asked: Asked) -> bool:
    return (
        asked.what in ("", line.what)
        and (not asked.by or is_by(line, asked.by))
        and (not asked.about or is_about(line, asked.about))
        and (not asked.reason or line.reason == REASONS.get(asked.reason))
    )


def _place(asked: Asked) -> tuple[datetime, str]:
    if not asked.after:
        return asked.until, ""
    at, _, place = asked.after.partition(" ")
    return min(datetime.fromisoformat(at), asked.until), place


def _noted(aws: Aws, asked: Asked, until: datetime, size: int) -> Iterator[Line]:
    ledger = _ledger(aws)
    if ledger:
        found = ledger.noted(
            asked.agency_id, asked.since, until, what=asked.what, by=asked.by, about=asked.about, size=size
        )
        yield from map(of_noted, found)


def _approved(aws: Aws, asked: Asked, until: datetime, size: int) -> Iterator[Line]:
    """Yield the steps by their own time: the store has them by that of their proposal."""
    ledger = _ledger(aws)
    if not ledger or asked.what not in {"", *ACTS.values()}:
        return
    since, waiting = asked.since - _LONGEST_STEP, list[Line]()
    for entry in ledger.proposed_between(asked.agency_id, since, until, size):
        ripe = [line for line in waiting if line.at > entry.proposed_at + _LONGEST_STEP]
        waiting = [line for line in waiting if line.at <= entry.proposed_at + _LONGEST_STEP]
        yield from _newest_first(ripe, asked.since, until)
        waiting.append(of_entry(entry))
    yield from _newest_first(waiting, asked.since, until)


def _audited(aws: Aws, asked: Asked, until: datetime, size: int) -> Iterator[Line]:
    if asked.what in {"", *AUDITED.values()}:
        yield from map(of_audit, aws.records.audits(asked.agency_id, asked.since, until, size))


def _newest_first(found: list[Line], since: datetime, until: datetime) -> list[Line]:
    return sorted((line for line in found if since <= line.at <= until), key=lambda line: line.at, reverse=True)


def _once(found: list[Line]) -> Iterator[Line]:
    """Leave out an entry that the audit of records has too: its reason is there in full."""
    audited = {(line.author, line.what) for line in found if line.source == "audit"}
    yield from (line for line in found if line.source != "noted" or (line.author, line.what) not in audited)


def _ledger(aws: Aws) -> LedgerTable | None:
    try:
        return aws.ledger
    except NoLedger:
        return None
