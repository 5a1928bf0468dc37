"""A duplicate's callers are told of the incident that theirs is a duplicate of, each once a kind.

What that incident's words and latches forbid holds for the other one too. A link that is taken back
takes the callers back, but not what was forbidden.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import partial

from msgspec.structs import replace

from chalicelib.domain.agency import Agency
from chalicelib.domain.identity import IncidentKey, Kind
from chalicelib.domain.notification import GONE, State
from chalicelib.domain.party import Follower
from chalicelib.domain.record import IncidentRecord
from chalicelib.flow.decide import decide_anew
from chalicelib.flow.retry import until_settled
from chalicelib.ports import Ports

LONGEST_CHAIN = 5
"""Duplicates of duplicates are followed so far, so that two which name each other come to an end."""


def pass_on(number: str, leaders: Iterable[str], agency: Agency, ports: Ports, now: datetime) -> int:
    """Let the incidents that this one follows, or followed, know its parties; return how many hints were lost. Busy."""
    lost, todo, seen = 0, [(number, leader) for leader in leaders], {number}
    while todo and len(seen) <= LONGEST_CHAIN:
        child, leader = todo.pop()
        if leader in seen:
            continue
        seen.add(leader)
        onward, hints_lost = until_settled(partial(_adopt, child, leader, agency, ports, now), ports)
        lost += hints_lost
        todo += [(leader, onward)] if onward else []
    return lost


def _adopt(number: str, leader: str, agency: Agency, ports: Ports, now: datetime) -> tuple[str | None, int]:
    """Return the incident that the leader itself follows, and how many hints were lost."""
    child = ports.incidents.load(IncidentKey(agency.agency_id, number))
    record = ports.incidents.load(IncidentKey(agency.agency_id, leader))
    incident = record.incident
    for name, follower in _followers(child, leader):
        incident = incident.adopt(name, follower, child.incident)
    if incident == record.incident:
        return None, 0
    return incident.same_as, decide_anew(record, incident, agency, ports, now)


def _followers(child: IncidentRecord, leader: str) -> Iterator[tuple[str, Follower]]:
    """Yield the incident itself as a follower, and those that follow it, each under its own number."""
    incident = child.incident
    told: dict[str, frozenset[Kind]] = {}
    for key, row in child.rows.items():
        if row.state in GONE or row.state is State.SENDING:
            told[key.recipient] = told.get(key.recipient, frozenset()) | {key.kind}
    own = Follower(
        linked=incident.same_as == leader,
        stamp=incident.stamps["linked_to"],
        parties=incident.parties,
        told={party_id: kinds for party_id, kinds in told.items() if party_id in incident.parties},
    )
    yield incident.incident_number, own
    for number, follower in incident.followers.items():
        if number != leader:
            stamp = max(follower.stamp, own.stamp)
            yield number, replace(follower, linked=follower.linked and own.linked, stamp=stamp)
