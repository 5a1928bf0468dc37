"""Pass a duplicate's callers on to the incident that it duplicates, so that each gets a kind only once.

The duplicate's words and latches also forbid texts about the other incident. If the link is taken back, its callers
leave again, but what was forbidden stays forbidden.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from msgspec.structs import replace

from chalicelib.domain.incidents.duplicates import Follower
from chalicelib.domain.incidents.incident import Incident
from chalicelib.domain.names import IncidentKey, Kind, recipient_name
from chalicelib.domain.notifications.notification import GONE, State
from chalicelib.domain.notifications.record import IncidentRecord
from chalicelib.domain.settings.agency import Agency
from chalicelib.flow.conflicts import again_on_conflict
from chalicelib.flow.incidents.decide import decide_anew
from chalicelib.ports.world import Ports

Told = Mapping[str, frozenset[Kind]]
"""The kinds that somebody got, by party or by recipient."""

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
    if child.incident.awaited == leader and record.incident.as_of:
        child = _stand_back(child, record, agency, ports, now)
    incident = _adopted(record.incident, child, told_by(record))
    if incident != record.incident:
        incident = taking_over(record, incident, agency, ports, now)
    lost = 0 if incident == record.incident else decide_anew(record, incident, agency, ports, now)
    return sorted(incident.leaders), lost


def taking_over(before: IncidentRecord, after: Incident, agency: Agency, ports: Ports, now: datetime) -> Incident:
    """Return an incident that begins to speak for others, with all that these have told already. Busy.

    Each of them first stands back, so that it tells nothing more. An incident that spoke before needs no read.
    """
    if before.incident.leads or not after.leads:
        return after
    speaker, told_here = replace(before, incident=after), told_by(before)
    for number in sorted(after.same):
        after = _adopted(after, _stand_back_first(number, speaker, agency, ports, now), told_here)
    return after


@again_on_conflict()
def _stand_back_first(
    number: str, speaker: IncidentRecord, agency: Agency, ports: Ports, now: datetime
) -> IncidentRecord:
    other = ports.incidents.load(IncidentKey(agency.agency_id, number))
    return _stand_back(other, speaker, agency, ports, now)


def _stand_back(
    other: IncidentRecord, speaker: IncidentRecord, agency: Agency, ports: Ports, now: datetime
) -> IncidentRecord:
    """Let an incident know that another speaks for its people; return it as it then is. Conflict."""
    known = other.incident
    if known.awaited == speaker.incident.incident_number:
        known = known.beside(speaker.incident)
    if speaker.incident.incident_number in known.followers:
        known = _adopted(known, speaker, told_by(other))
    if known == other.incident:
        return other
    decide_anew(other, known, agency, ports, now)
    return ports.incidents.load(known.key)


def _adopted(incident: Incident, child: IncidentRecord, told_here: Told) -> Incident:
    """Return an incident with all that the child knows; `told_here` is what its own rows told."""
    number, told = incident.incident_number, told_by(child)
    return incident.adopt(
        {name: _news(name, each, child, told, told_here) for name, each in _followers(child.incident, number)},
        child.incident,
        kinds_of(incident.parties, told, followed_from=number),
    )


def _news(name: str, follower: Follower, child: IncidentRecord, told: Told, told_here: Told) -> Follower:
    """Return a follower with what its parties got elsewhere.

    In a ring the child may have heard from us of what we told ourselves: that must not end our own notices.
    """
    ours = kinds_of(follower.parties, told_here, followed_from=name)
    elsewhere = {party_id: kinds - ours.get(party_id, frozenset()) for party_id, kinds in follower.told.items()}
    own = child.incident.incident_number == name
    return replace(follower, told=elsewhere).also_told(kinds_of(follower.parties, told, "" if own else name))


def told_by(record: IncidentRecord) -> Told:
    """Return the kinds that each recipient got, or may be getting now, about an incident."""
    told: dict[str, frozenset[Kind]] = {}
    for key, row in record.rows.items():
        if row.state in GONE or row.state is State.SENDING:
            told[key.recipient] = told.get(key.recipient, frozenset()) | {key.kind}
    return told


def _followers(incident: Incident, leader: str) -> Iterator[tuple[str, Follower]]:
    """Yield the incident and its own followers, each by its number and with its own link."""
    if incident.link:
        shown, other = incident.link
        yield (
            incident.incident_number,
            Follower(
                leader=shown.value,
                stamp=shown.stamp,
                other_leader=other.value if other else None,
                other_stamp=other.stamp if other else None,
                parties={} if incident.identity.same_as else incident.parties,
                told={} if incident.identity.same_as else incident.told,
            ),
        )
    yield from ((number, follower) for number, follower in incident.followers.items() if number != leader)


def kinds_of(parties: Iterable[str], told: Told, followed_from: str = "") -> dict[str, frozenset[Kind]]:
    """Return the kinds that the parties of one incident have got, by their own ids."""
    names = {party_id: recipient_name(party_id, followed_from) for party_id in parties}
    return {party_id: told[name] for party_id, name in names.items() if name in told}
