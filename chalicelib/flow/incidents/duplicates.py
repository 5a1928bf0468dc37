"""Pass a duplicate's callers on to the incident that it duplicates, so that each gets a kind only once.

The duplicate's words and latches also forbid texts about the other incident. If the link is taken back, its callers
leave again, but what was forbidden stays forbidden.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from chalicelib.domain.incidents.duplicates import Follower
from chalicelib.domain.names import IncidentKey, Kind, recipient_name
from chalicelib.domain.notifications.notification import GONE, State
from chalicelib.domain.notifications.record import IncidentRecord
from chalicelib.domain.settings.agency import Agency
from chalicelib.flow.conflicts import again_on_conflict
from chalicelib.flow.incidents.decide import decide_anew
from chalicelib.ports.world import Ports

MOST_STEPS = 100
"""The most links that are followed. Each is followed once, so two incidents that name each other end the walk."""


def pass_on(number: str, leaders: Iterable[str], agency: Agency, ports: Ports, now: datetime) -> int:
    """Add an incident's parties to those that it follows or ever followed; return how many hints were lost. Busy.

    The whole way is walked even where nothing is new: an earlier walk may have been cut off.
    """
    lost, todo, seen = 0, [(number, leader) for leader in leaders], set[tuple[str, str]]()
    while todo and len(seen) < MOST_STEPS:
        link = todo.pop()
        if link in seen:
            continue
        seen.add(link)
        onward, hints_lost = _adopt(*link, agency, ports, now)
        lost += hints_lost
        todo += [(link[1], leader) for leader in onward]
    return lost


@again_on_conflict()
def _adopt(number: str, leader: str, agency: Agency, ports: Ports, now: datetime) -> tuple[list[str], int]:
    """Return the incidents that the leader itself ever followed, and how many hints were lost."""
    child = ports.incidents.load(IncidentKey(agency.agency_id, number))
    record = ports.incidents.load(IncidentKey(agency.agency_id, leader))
    incident = record.incident.adopt(dict(_followers(child, leader)), child.incident)
    lost = 0 if incident == record.incident else decide_anew(record, incident, agency, ports, now)
    return sorted(incident.leaders), lost


def _followers(child: IncidentRecord, leader: str) -> Iterator[tuple[str, Follower]]:
    """Yield the incident and its own followers, each by its number and with its own link."""
    incident = child.incident
    told: dict[str, frozenset[Kind]] = {}
    for key, row in child.rows.items():
        if row.state in GONE or row.state is State.SENDING:
            told[key.recipient] = told.get(key.recipient, frozenset()) | {key.kind}
    if incident.link:
        shown, other = incident.link
        yield (
            incident.incident_number,
            Follower(
                leader=shown.value,
                stamp=shown.stamp,
                other_leader=other.value if other else None,
                other_stamp=other.stamp if other else None,
                parties=incident.parties,
                told=_of(incident.parties, told),
            ),
        )
    for number, follower in incident.followers.items():
        if number != leader:
            yield number, follower.also_told(_of(follower.parties, told, number))


def _of(
    parties: Iterable[str], told: Mapping[str, frozenset[Kind]], followed_from: str = ""
) -> dict[str, frozenset[Kind]]:
    """Return the kinds that the parties of one incident have got, by their own ids."""
    names = {party_id: recipient_name(party_id, followed_from) for party_id in parties}
    return {party_id: told[name] for party_id, name in names.items() if name in told}
