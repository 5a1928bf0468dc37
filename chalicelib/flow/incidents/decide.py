"""Decide anew about an incident, and store it with its notifications and silences."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial

from msgspec.structs import replace

from chalicelib.domain.approval import Entry
from chalicelib.domain.desk.attention import Attention
from chalicelib.domain.desk.held import heeded, held, was_held
from chalicelib.domain.desk.met import met
from chalicelib.domain.incidents.holding import keep_until, with_persons_holds
from chalicelib.domain.incidents.incident import Incident
from chalicelib.domain.incidents.leading import Name, led_to
from chalicelib.domain.incidents.update import Update
from chalicelib.domain.notifications.judged import first_unjudged
from chalicelib.domain.notifications.notification import Notification, State
from chalicelib.domain.notifications.plan import Skipped, plan
from chalicelib.domain.notifications.reconcile import reconcile
from chalicelib.domain.notifications.record import NOTHING_LIFTED, IncidentChange, IncidentRecord, Lifted
from chalicelib.domain.notifications.silence import begins_silence, silence_of, unsafe_people
from chalicelib.domain.settings.agency import Agency
from chalicelib.flow.incidents.awaited import beside_its_leader
from chalicelib.flow.incidents.settings_of import settings_of
from chalicelib.flow.notifications.hints import leave_hints
from chalicelib.ports.notices import Metric
from chalicelib.ports.world import Ports


def decide_anew(
    record: IncidentRecord,
    incident: Incident,
    agency: Agency,
    ports: Ports,
    now: datetime,
    updates: Sequence[Update] = (),
    source_id: str = "",
    lifted: Lifted = NOTHING_LIFTED,
    entries: tuple[Entry, ...] = (),
    taken_back: Mapping[str, datetime] | None = None,
    names: tuple[Name, ...] = (),
) -> int:
    """Plan, reconcile and save at once, then leave hints; return how many hints were lost. Conflict.

    `lifted` are the ends that a release puts to what the incident's people were kept from, and `entries` what the
    ledger gets of it in the transaction. `taken_back` are the fields that nulls took back, where that changes. `names`
    are places that lead to the incident from now on. An incident that names another, of which it does not know yet
    whether it was heard of, takes one more read; so does one that newer settings than `agency` have decided on.
    """
    agency = _no_older(agency, record, ports)
    judged, _ = beside_its_leader(incident, ports)
    if judged.awaited is None:  # where it waits, others' words are judged with its own and not kept as its own
        incident = judged
    begun = begins_silence(judged, agency.at(judged.facts.beat), updates)
    incident = replace(incident, silences=begun)
    incident = with_persons_holds(incident, ports.settings.held(agency.agency_id), partial(_keyed_hash, ports))
    until = keep_until(incident, now, agency.retention.incidents)
    incident, names = led_to(incident, names, record.incident, until)
    unsafe = unsafe_people(record.incident, incident, now)
    decisions = [each for each in plan(incident, agency) if isinstance(each, Skipped) or each.key not in record.unread]
    reconciled = reconcile(record.rows, decisions, agency, now)
    rows = _kept(record, incident, reconciled.changed, until)
    change = IncidentChange(
        incident=incident,
        version=record.version,
        created_at=record.created_at or now,
        settings_version=agency.version,
        skipped=reconciled.skipped,
        rows=rows,
        updates=tuple(updates),
        source_id=source_id,
        at=now,
        silence=silence_of(incident, agency, updates, now, begun),
        unsafe=unsafe,
        lifted=Lifted(frozenset() if begun else lifted.silenced, lifted.unsafe - unsafe.keys()),
        entries=entries,
        taken_back=record.taken_back if taken_back is None else taken_back,
        names=names,
        met=met(record, incident, now),
        attention=_attention(record, judged, rows, agency, now),
        unjudged=first_unjudged(record.incident, incident, agency),
        keep_until=until,
        keep_history_until=keep_until(incident, now, agency.retention.history),
    )
    ports.incidents.save(change)
    scheduled = sum(row.state is State.SCHEDULED for row in reconciled.changed)
    for metric, news in (
        (Metric.SCHEDULED, scheduled),
        (Metric.SKIPPED, len({*reconciled.skipped} - {*record.skipped})),
    ):
        if news:
            ports.measure(metric, news)
    return leave_hints(reconciled.changed, ports.queue, now)


def _no_older(agency: Agency, record: IncidentRecord, ports: Ports) -> Agency:
    """Return settings that are not older than those that decided last: they would take back what was planned."""
    if agency.version >= record.settings_version:
        return agency
    return settings_of(record, ports) or agency


def _keyed_hash(ports: Ports, address: str) -> str:
    return ports.contacts.reference(address).keyed_hash


def _kept(
    record: IncidentRecord, incident: Incident, changed: tuple[Notification, ...], until: datetime | None
) -> tuple[Notification, ...]:
    """Return the rows to write: all of them where the first legal hold has begun or the last has ended."""
    changed = tuple(row.about(incident.facts) for row in changed)
    if bool(record.incident.legal_holds) != bool(incident.legal_holds):
        every = {**record.rows, **{row.key: row for row in changed}}
        return tuple(replace(row, keep_until=until) for row in every.values())
    return tuple(replace(row, keep_until=until) for row in changed) if incident.legal_holds else changed


def _attention(
    record: IncidentRecord, judged: Incident, changed: tuple[Notification, ...], agency: Agency, now: datetime
) -> Attention:
    """Return whether the call begins or ceases to wait for a person."""
    rows = {**record.rows, **{row.key: row for row in changed}}
    return heeded(was_held(record, agency, now), held(judged, rows, agency, now))
