"""Check what must hold at the end, when the world works again and nothing is due any more."""

import re
from collections.abc import Iterator
from datetime import timedelta
from functools import reduce

import msgspec
from msgspec.structs import replace

from chalicelib.domain.incidents.incident import Incident
from chalicelib.domain.incidents.update import Update
from chalicelib.domain.lake.row import LakeRow
from chalicelib.domain.lake.rows import lake_rows
from chalicelib.domain.lake.tables import IncidentVersion, newest
from chalicelib.domain.names import IncidentKey
from chalicelib.domain.notifications.notification import Notification, State
from chalicelib.domain.notifications.plan import Planned, Skipped, plan
from chalicelib.domain.notifications.reasons import Reason
from chalicelib.domain.notifications.record import IncidentRecord
from chalicelib.domain.settings.agency import Agency
from chalicelib.domain.surveys.follow_up import Desk, follow_ups, withdrawn
from rigs.simulate.people import People
from rigs.simulate.promise import Promise
from rigs.simulate.script import Script
from rigs.simulate.world import World

_PERSON = re.compile(r"\+1\d{10}|@people\.example|/s/[0-9A-Za-z]{13}")
CLOCKS_OFF = timedelta(seconds=2)
_COLLEAGUES = (Desk.SUPERVISORS, Desk.UNIT)
_UNEXPLAINED = frozenset({State.FAILED, State.UNKNOWN})


def check(script: Script, world: World, people: People, logged: list[str]) -> None:
    """Check every promise that can be checked at the end."""
    records = sorted(world.memory_incidents.records(), key=lambda record: record.incident.incident_number)
    told = [update for post in script.posts for update in post.updates]
    for record in records:
        _order(record, told, script.agency, world)
        _rows(record, world)
        _explained(record, script.agency, world)
    _one_speaks(records, told, script.agency, world)
    _nothing_forgotten(told, world)
    _surveys(people, script.agency, world)
    _lake(records, script.agency, world)
    leaks = [line for line in logged if _PERSON.search(line)]
    world.watch.expect(Promise.LEAKS, not leaks, f"a person is in the log: {leaks[:1]}")


def _nothing_forgotten(told: list[Update], world: World) -> None:
    acked = {update.update_id for _, update in world.watch.acked}
    for update in told:
        words = f"the vendor never heard that {update.update_id} was taken"
        world.watch.expect(Promise.LOST, update.update_id in acked, words)


def _order(record: IncidentRecord, told: list[Update], agency: Agency, world: World) -> None:
    """The incident is what its updates say together, and what those of its duplicates add to it."""
    number = record.incident.incident_number
    wanted = _merged(number, told, agency)
    alone = {"followers": {}, "releases": (), "silences": False, "heard_of": frozenset(), "told": {}}
    children = [_merged(child, told, agency) for child in record.incident.followers]
    overfull = wanted.overfull or any(child.overfull for child in children)
    world.watch.expect(Promise.ORDER, record.incident.overfull == overfull, f"{number} is overfull or is not")
    plain = replace(
        record.incident, **alone, evidence=wanted.evidence, latches=wanted.latches, overfull=wanted.overfull
    )
    world.watch.expect(Promise.ORDER, plain == wanted, f"{number} is not what its updates say")
    # Two that name each other hand each its own dispositions back, so those are compared beside the rest.
    everything = wanted.judged_words.union(*(child.judged_words for child in children))
    latches = {*wanted.latches, *(latch for child in children for latch in child.latches)}
    same = record.incident.judged_words == everything and {*record.incident.latches} == latches
    world.watch.expect(Promise.ORDER, same, f"{number} has other words or latches than were said")
    for child in sorted({update.incident_number for update in told} - {number}):
        other = _merged(child, told, agency)
        if other.names == number:
            adopted = record.incident.followers.get(child)
            knows = adopted is not None and adopted.leader == number and adopted.parties == other.parties
            world.watch.expect(Promise.ORDER, knows, f"{number} does not know the people of {child}")


def _one_speaks(records: list[IncidentRecord], told: list[Update], agency: Agency, world: World) -> None:
    """Of incidents that are the same, the last of a chain speaks, and of a ring the smallest; an unknown one never."""
    spoken_of = {update.incident_number for update in told}
    names = {number: _merged(number, told, agency).names for number in spoken_of}
    for record in records:
        way = [record.incident.incident_number]
        while (onward := names.get(way[-1])) in spoken_of and onward is not None and onward not in way:
            way.append(onward)
        speaks = min(way[way.index(onward) :]) if onward in way else way[-1]
        alone = speaks == way[0]
        words = f"{way[0]} {'does not speak' if alone else f'speaks beside {speaks}'}"
        world.watch.expect(Promise.ORDER, (record.incident.same_as is None) == alone, words)


def _merged(number: str, told: list[Update], agency: Agency) -> Incident:
    fresh = Incident(agency_id=agency.agency_id, incident_number=number)
    return reduce(Incident.merge, (update for update in told if update.incident_number == number), fresh)


def _rows(record: IncidentRecord, world: World) -> None:
    """Every row is in a finished state, and what did not arrive met a fault."""
    for row in record.rows.values():
        world.watch.expect(Promise.LOST, not row.awaits, f"{row.key.id} is {row.state} for ever")
        faults = world.chaos.since(row.created_at - CLOCKS_OFF, (row.key.incident_number,))
        explained = row.state not in _UNEXPLAINED or row.reason == Reason.UNRENDERABLE or faults or _down(row, world)
        world.watch.expect(Promise.LOST, bool(explained), f"{row.key.id} is {row.state} ({row.reason}) without a fault")


def _down(row: Notification, world: World) -> bool:
    return any(getattr(sender, "down", None) for sender in world.senders.values()) and bool(row.attempts)


def _explained(record: IncidentRecord, agency: Agency, world: World) -> None:
    """Each notification that the plan wants has a row or a reason; the others have a reason stored."""
    stored = {(item.kind, item.recipient, item.ordinal): item.reason for item in record.skipped}
    number = record.incident.incident_number
    for decision in plan(record.incident, agency):
        if isinstance(decision, Skipped):
            known = stored.get((decision.kind, decision.recipient, decision.ordinal))
            words = f"{number}: {decision.kind} to {decision.recipient} is not told: {decision.reason}, stored {known}"
            world.watch.expect(Promise.EXPLAINED, known == decision.reason, words)
        elif not _barred_beside(record, agency, world):
            _planned(
                decision, record, stored.get((decision.key.kind, decision.key.recipient, decision.key.ordinal)), world
            )
    for row in record.rows.values():
        silent = row.state in (State.CANCELLED, State.SUPPRESSED, State.FAILED) and not row.reason
        world.watch.expect(Promise.EXPLAINED, not silent, f"{row.key.id} is {row.state} and nobody knows why")


def _barred_beside(record: IncidentRecord, agency: Agency, world: World) -> bool:
    """Tell whether something is known of others that name the same unknown incident, which forbids all texts."""
    awaited = record.incident.awaited
    if awaited is None:
        return False
    named = world.memory_incidents.load(IncidentKey(agency.agency_id, awaited)).incident
    return not any(isinstance(decision, Planned) for decision in plan(record.incident.beside(named), agency))


def _planned(planned: Planned, record: IncidentRecord, skipped: Reason | None, world: World) -> None:
    row = record.rows.get(planned.key)
    has = row is not None and row.state is not State.CANCELLED
    world.watch.expect(Promise.LOST, has or skipped is Reason.EXPIRED, f"{planned.key.id} is wanted and there is none")


def _surveys(people: People, agency: Agency, world: World) -> None:
    """Each answer that was thanked for is there, and whoever must look at it has it."""
    rules = agency.survey
    for seen in people.thanked:
        survey = world.memory_surveys.load(seen.token_hash)
        stored, given = survey.answers.all if survey else {}, people.given.get(seen.token_hash, {})
        gone = [name for name in seen.answers.all if str(stored.get(name)) not in given.get(name, ())]
        world.watch.expect(Promise.LOST, not gone, f"answers to {', '.join(gone)} were thanked for and are gone")
    for name in sorted({seen.token_hash for seen in people.thanked}):
        survey = world.memory_surveys.load(name)
        raised = follow_ups(survey, rules.questions, rules.follow_up, world.loop.now) if survey else ()
        for one in raised:
            kept = _kept(one.desk, agency, world)
            world.watch.expect(Promise.LOST, one.id in kept, f"nobody was given what is {one.because} in an answer")
        for hidden in withdrawn(raised, survey) if survey else ():
            desks = [desk for desk in _COLLEAGUES if hidden in _kept(desk, agency, world)]
            world.watch.expect(Promise.LEAKS, not desks, f"{desks} may see whose complaint an answer is")


def _kept(desk: Desk, agency: Agency, world: World) -> set[str]:
    return {item.id for item in world.memory_follow_ups.of(agency.agency_id, desk)}


def _lake(records: list[IncidentRecord], agency: Agency, world: World) -> None:
    wanted = {row.id: row for row in newest(_lake_rows(records, agency, world))}
    lake = world.memory_lake
    found = {row.id: row for day in lake.days() for row in day.rows}
    waits = list(lake.landed())
    world.watch.expect(Promise.LAKE, not waits, f"{len(waits)} files were never compacted")
    differ = sorted({row_id for row_id in wanted.keys() | found.keys() if wanted.get(row_id) != found.get(row_id)})
    world.watch.expect(Promise.LAKE, not differ, f"{len(differ)} of {len(wanted)} rows differ")
    text = msgspec.json.encode(list(found.values())).decode()
    world.watch.expect(Promise.LEAKS, not _PERSON.search(text), "a person is in the lake")


def _lake_rows(records: list[IncidentRecord], agency: Agency, world: World) -> Iterator[LakeRow]:
    for record in records:
        if record.created_at:
            stands = IncidentVersion(
                record.incident, record.version, record.created_at, record.skipped, record.settings_version
            )
            yield from lake_rows(stands, agency)
        for row in record.rows.values():
            yield from lake_rows(row, agency)
    for survey in world.memory_surveys.all():
        yield from lake_rows(survey, agency, agency.survey.questions)
