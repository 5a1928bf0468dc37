"""Receive updates: store what a dispatch system tells, as incidents and their notifications.

Each incident takes one consistent read, at most two writes and at most one batch of hints for what is due soon. After a
conflict, the incident is read and planned again. A duplicate costs the same once more, for the incident that it
duplicates. One that begins to speak for its duplicates first reads what each of them has told already.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import groupby

from msgspec import Struct

from chalicelib.domain.incidents.incident import Incident
from chalicelib.domain.incidents.update import Update
from chalicelib.domain.names import IncidentKey
from chalicelib.domain.settings.agency import Agency
from chalicelib.flow.conflicts import again_on_conflict
from chalicelib.flow.incidents.decide import decide_anew
from chalicelib.flow.incidents.duplicates import pass_on, taking_over
from chalicelib.ports.notices import Metric
from chalicelib.ports.world import Ports

MOST_TRIES = 40


class Received(Struct, frozen=True):
    """Counts of updates that told something new and that did not; lost hints leave their rows to the sweep.

    `leaders` are the incidents of which the updated one is a duplicate, or ever was.
    """

    accepted: int = 0
    duplicates: int = 0
    hints_lost: int = 0
    leaders: frozenset[str] = frozenset()


def receive_updates(updates: Sequence[Update], source_id: str, agency: Agency, ports: Ports, now: datetime) -> Received:
    """Take in a webhook's updates, incident by incident; Busy where conflicts do not end.

    An error at one incident does not stop the others, but is raised in the end. The whole webhook may be sent again:
    updates that were taken in are duplicates then.
    """
    total, problems = Received(), []
    heard = [update for update in updates if not update.rejected or _stops_texts(update)]
    for number, group in groupby(sorted(heard, key=_number), key=_number):
        key = IncidentKey(agency.agency_id, number)
        try:
            one = _receive_incident(key, tuple(group), source_id, agency, ports, now)
            lost = one.hints_lost + pass_on(number, sorted(one.leaders), agency, ports, now)
        except Exception as problem:  # noqa: BLE001  one incident's error must not stop the others
            problems.append(problem)
            continue
        total = Received(total.accepted + one.accepted, total.duplicates + one.duplicates, total.hints_lost + lost)
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
    key: IncidentKey, updates: tuple[Update, ...], source_id: str, agency: Agency, ports: Ports, now: datetime
) -> Received:
    record = ports.incidents.load(key)
    incident, news = _merge(record.incident, updates)
    told = sum(not update.rejected for update in updates)
    if incident == record.incident:
        return Received(0, told, leaders=incident.leaders)
    incident = taking_over(record, incident, agency, ports, now)
    lost = decide_anew(record, incident, agency, ports, now, updates, source_id)
    return Received(news, told - news, lost, incident.leaders)


def _merge(incident: Incident, updates: Iterable[Update]) -> tuple[Incident, int]:
    """Return the incident with all updates merged in, and how many of them told anything new."""
    news = 0
    for update in updates:
        merged = incident.merge(update)
        news += not (update.rejected or incident.knows_no_less_than(merged))
        incident = merged
    return incident, news


def _number(update: Update) -> str:
    return update.incident_number
