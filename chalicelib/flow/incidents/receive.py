"""Receive updates: store what a dispatch system tells, as incidents and their notifications.

Each incident takes one consistent read, at most two writes and at most one batch of hints for what is due soon. After a
conflict, the incident is read and planned again. A duplicate costs the same once more, for the incident that it
duplicates. One that begins to speak for its duplicates first reads what each of them has told already.
"""

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from typing import NamedTuple

from msgspec import Struct

from chalicelib.domain.incidents.incident import Incident
from chalicelib.domain.incidents.news import says_the_same
from chalicelib.domain.incidents.resolve import is_about
from chalicelib.domain.incidents.taken_back import TakenBack, noted, taken_back
from chalicelib.domain.incidents.update import Update
from chalicelib.domain.settings.agency import Agency
from chalicelib.flow.conflicts import again_on_conflict
from chalicelib.flow.incidents.decide import decide_anew
from chalicelib.flow.incidents.duplicates import pass_on, taking_over
from chalicelib.flow.incidents.identify import Home, home_of, with_link
from chalicelib.flow.incidents.prove import absorb, prove_one
from chalicelib.flow.incidents.unclear import hold_each
from chalicelib.ports.notices import Metric
from chalicelib.ports.world import Ports

MOST_TRIES, MOST_PROOFS = 40, 10

Placed = tuple[int, Update]
"""An update, and its place in the webhook."""


class Received(Struct, frozen=True):
    """Counts of updates that told something new and that did not; lost hints leave their rows to the sweep.

    `number` is the key of the updated incident, and `leaders` are those of which it is a duplicate, or ever was.
    `taken_back` are known values that nulls took away, by the place of the update. `others` are updates, with their
    places, that turned out to be about another incident of the same name.
    """

    accepted: int = 0
    duplicates: int = 0
    hints_lost: int = 0
    number: str = ""
    leaders: frozenset[str] = frozenset()
    taken_back: tuple[TakenBack, ...] = ()
    others: tuple[Placed, ...] = ()


def receive_updates(updates: Sequence[Update], source_id: str, agency: Agency, ports: Ports, now: datetime) -> Received:
    """Take in a webhook's updates, incident by incident; Busy where conflicts do not end.

    An error at one incident does not stop the others, but is raised in the end. The whole webhook may be sent again:
    updates that were taken in are duplicates then.
    """
    total, problems = Received(), []
    heard = [(place, update) for place, update in enumerate(updates) if not update.rejected or _stops_texts(update)]
    for _, group in groupby(sorted(heard, key=_names), key=_names):
        todo = tuple(group)
        while todo:
            try:
                one = _receive_incident(todo, source_id, agency, ports, now)
                lost = one.hints_lost + pass_on(one.number, sorted(one.leaders), agency, ports, now)
            except Exception as problem:  # noqa: BLE001  one incident's error must not stop the others
                problems.append(problem)
                break
            todo = one.others
            total = Received(
                total.accepted + one.accepted,
                total.duplicates + one.duplicates,
                total.hints_lost + lost,
                taken_back=(*total.taken_back, *one.taken_back),
            )
    ports.measure(Metric.UPDATES, total.accepted)
    if problems:
        raise problems[0]
    return total


def _stops_texts(rejected: Update) -> bool:
    """Tell whether a rejected update can stop texts; of any other rejected update nothing is stored here.

    Every word about the nature can: nobody knows yet how it will be judged.
    """
    return bool(rejected.evidence or rejected.told or rejected.latches or rejected.unsafe_parties)


@again_on_conflict(MOST_TRIES)
def _receive_incident(
    placed: tuple[Placed, ...], source_id: str, agency: Agency, ports: Ports, now: datetime
) -> Received:
    home, lost = _home(placed[0][1], agency, ports, now)
    record, key = home.record, home.record.incident.incident_number
    merged = _merge(record.incident, placed, agency, ports)
    incident, taken = merged.incident, merged.taken
    lost += hold_each(home.may_mean, taken, source_id, agency, ports, now)
    for update in home.held:
        incident = incident.merge(update)
    told = sum(not update.rejected for update in taken)
    if incident == record.incident:
        return Received(0, told, lost, key, incident.leaders, others=merged.others)
    incident = taking_over(record, incident, agency, ports, now)
    gone = noted(record.taken_back, taken[0].source, merged.taken_back, now)
    lost += decide_anew(record, incident, agency, ports, now, taken, source_id, taken_back=gone, names=home.names)
    return Received(merged.news, told - merged.news, lost, key, incident.leaders, merged.taken_back, merged.others)


def _home(update: Update, agency: Agency, ports: Ports, now: datetime) -> tuple[Home, int]:
    """Return the incident that an update is about, after two that it proves to be the same have become one."""
    home, lost = home_of(update, agency, ports), 0
    for _ in range(MOST_PROOFS):
        if not home.proven:
            break
        lost += prove_one(home.record.incident.incident_number, home.proven, agency, ports, now)
        home = home_of(update, agency, ports)
    for key in home.unabsorbed:
        lost += absorb(home.record.incident.incident_number, key, agency, ports, now)
    return (home_of(update, agency, ports) if home.unabsorbed else home), lost


class _Merged(NamedTuple):
    """An incident with updates merged in: how many of them told anything new, what nulls took back, which were taken,
    and those that are about another call.
    """

    incident: Incident
    news: int
    taken_back: tuple[TakenBack, ...]
    taken: tuple[Update, ...]
    others: tuple[Placed, ...]


def _merge(incident: Incident, placed: Sequence[Placed], agency: Agency, ports: Ports) -> _Merged:
    """Merge updates into an incident.

    The first update is about this incident. The others have the same names, but may be about another call. What is only
    read again, as of another moment, is not merged in: nothing needs to be written then.
    """
    news, gone, taken, others = 0, list[TakenBack](), list[Update](), list[Placed]()
    for place, update in placed:
        if taken and not is_about(update, incident, agency.identity, agency.zone):
            others.append((place, update))
            continue
        taken.append(update)
        merged = incident.merge(with_link(update, incident, agency, ports))
        if update.as_of_now and says_the_same(incident, merged):
            continue
        news += not (update.rejected or incident.knows_no_less_than(merged))
        if fields := taken_back(incident, merged, update):
            gone.append(TakenBack(place, update.incident_number or None, fields, update.incident_id or None))
        incident = merged
    return _Merged(incident, news, tuple(gone), tuple(taken), tuple(others))


def _names(placed: Placed) -> tuple[str, str]:
    return placed[1].incident_number, placed[1].incident_id
