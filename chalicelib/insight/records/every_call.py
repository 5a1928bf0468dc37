"""Every call that an agency has, by the index of what is recent: it has each, under the day on which it began.

Nothing is stored of an agency before its first settings, so the index is read from that day on, and then each call by
its key. Where calls of an earlier release are not in the index yet, the whole table is read instead, and that is said.
"""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from itertools import islice
from typing import TypeVar

from chalicelib.aws.stores.history import Heard
from chalicelib.aws.tables import incident_pk
from chalicelib.domain.desk.recent import days_back
from chalicelib.domain.names import IncidentKey
from chalicelib.domain.notifications.record import IncidentRecord
from chalicelib.ports.errors import Unreadable
from chalicelib.wiring import Aws

K = TypeVar("K")
T = TypeVar("T")
Tell = Callable[[str], None]

SCANS = "not all calls are in the indexes, so the whole table is read; `tenfour records index` ends that"
AT_ONCE = 16
"""Reads at a time."""

_BATCH = 500
_CLOCKS = timedelta(days=1)
"""More than clocks differ."""


def records(aws: Aws, agency_id: str, at: datetime, tell: Tell) -> Iterator[IncidentRecord]:
    """Return every call with its messages, in the order of keys; one that can't be read is left out."""
    keys = _keys(aws, agency_id, at)
    if keys is not None:
        return loaded(aws, keys)
    tell(SCANS)
    return aws.incidents.records(agency_id)


def heard(aws: Aws, agency_id: str, at: datetime, tell: Tell) -> Iterator[Heard]:
    """Return what each webhook said of every call, in no order; what can't be read is left out."""
    keys = _keys(aws, agency_id, at)
    if keys is not None:
        return heard_of(aws, keys)
    tell(SCANS)
    return aws.incidents.heard(agency_id)


def heard_of(aws: Aws, keys: Iterable[IncidentKey]) -> Iterator[Heard]:
    """Yield what each webhook said of calls by their keys; what can't be read is left out."""
    return (one for each in _at_once(aws.incidents.heard_of, keys) for one in each)


def loaded(aws: Aws, keys: Iterable[IncidentKey]) -> Iterator[IncidentRecord]:
    """Yield calls by their keys; one that can't be read is left out, and told of."""
    return (record for record in _at_once(partial(_load, aws), keys) if record and record.version)


def _keys(aws: Aws, agency_id: str, at: datetime) -> list[IncidentKey] | None:
    """Return the key of every call, in their order; None where not all are in the index."""
    first = aws.settings.signed(agency_id, 1)
    if first is None or aws.searchable.since(agency_id) is None:
        return None
    days = days_back(first[1] - _CLOCKS, at + _CLOCKS)
    found = {key for keys in _at_once(partial(_begun, aws, agency_id), days) for key in keys}
    return sorted(found, key=incident_pk)


def _begun(aws: Aws, agency_id: str, day: date) -> set[IncidentKey]:
    first, last = (datetime.combine(day, each, UTC) for each in (time.min, time.max))
    return {one.key for one in aws.recent.all_of(agency_id, first, last)}


def _load(aws: Aws, key: IncidentKey) -> IncidentRecord | None:
    try:
        return aws.incidents.load(key)
    except Unreadable as problem:
        aws.leave_out(problem.place)
        return None


def _at_once(read: Callable[[K], T], keys: Iterable[K]) -> Iterator[T]:
    """Yield what is read of each key, in their order, and hold no more of it than a batch."""
    waiting = iter(keys)
    with ThreadPoolExecutor(AT_ONCE) as readers:
        while batch := tuple(islice(waiting, _BATCH)):
            yield from readers.map(read, batch)
