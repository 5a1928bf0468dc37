"""Look whether everything is found that must be: people's calls, and what waits for somebody.

It is looked at after each crash and at the end. Texts of many callers may end at once, and then the entry of their call
counts one too many until the sweep looks at it again: so the end is ten minutes later. It costs no call of a port, so
no fault can strike at it. In memory the index of what is recent is what is stored, so that is for the experiment on
real stores to look at.
"""

from collections.abc import Iterator
from datetime import timedelta

from chalicelib.domain.desk.attention import Cause, Waiting
from chalicelib.domain.desk.held import LOOKED_AT_AGAIN, held
from chalicelib.domain.desk.owed import owed
from chalicelib.domain.desk.recent import CallOf
from chalicelib.domain.notifications.reasons import Reason
from chalicelib.domain.notifications.record import IncidentRecord
from chalicelib.domain.settings.agency import Agency
from chalicelib.domain.surveys.follow_up import Desk
from chalicelib.flow.desk.tend import tend_attention
from rigs.simulate.promise import Promise
from rigs.simulate.world import World

WRITTEN_WITH_ITS_CAUSE = frozenset({Cause.DANGER, Cause.HELD, Cause.FOLLOW_UP})


def look_up_at_the_end(world: World, agency: Agency) -> None:
    """Check the same once the sweep has looked again at what many callers hold: nothing is too much then either."""
    for minute in range(int(LOOKED_AT_AGAIN.total_seconds() // 60)):
        tend_attention(world, world.loop.now + timedelta(minutes=minute))
    look_up(world, agency, settled=True)


def look_up(world: World, agency: Agency, *, settled: bool = False) -> None:
    """Check that each person leads to their calls, and that the list of what waits is what the stores say."""
    records = [record for record in world.memory_incidents.records() if record.created_at]
    for record in records:
        _people(record, world)
    _waiting(records, world, agency, settled=settled)


def _people(record: IncidentRecord, world: World) -> None:
    """Each address that is or was on an incident leads to it."""
    key, began = record.incident.key, record.created_at
    for address in record.incident.all_addresses:
        known = world.memory_contacts.incidents_of(key.agency_id, address)
        found = began is not None and CallOf(began, key.incident_number) in known
        world.watch.expect(Promise.INDEX, found, f"no way leads from a person to {key.incident_number}")


def _waiting(records: list[IncidentRecord], world: World, agency: Agency, *, settled: bool) -> None:
    now = world.loop.now
    unsure = {(Cause.HELD, each.incident.incident_number) for each in records if each.incident.awaited}
    wanted = {(one.name, one.until) for one in _due(records, world, agency) if one.waits(now)}
    known = world.attention.of(agency.agency_id, WRITTEN_WITH_ITS_CAUSE)
    if not settled:  # what waits must be there at each moment; what does not may be there a while longer
        there = {name for name, _ in wanted}
        unsure |= {one.name for one in known if one.detail == Reason.MASS_CALL and one.name not in there}
    found = {(one.name, one.until) for one in known if one.waits(now) and one.name not in unsure}
    differ = sorted(str(each) for each in wanted ^ found)
    world.watch.expect(Promise.INDEX, not differ, f"what waits for somebody is wrong: {differ[:1]}")


def _due(records: list[IncidentRecord], world: World, agency: Agency) -> Iterator[Waiting]:
    """Yield what waits, as the stores say. One that waits for another to be heard of is judged at its next look."""
    for record in records:
        waiting = held(record.incident, record.rows, agency, world.loop.now)
        if waiting and record.incident.awaited is None:
            yield waiting
    for desk in Desk:
        for one in world.memory_follow_ups.of(agency.agency_id, desk):
            late = owed(one, world.memory_follow_ups.until(one))
            if late:
                yield late
