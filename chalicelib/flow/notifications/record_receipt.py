"""Record a receipt: move the message's row, and remember what the receipt says about the address."""

from datetime import datetime

from chalicelib.domain.desk.attention import CALM, Attention
from chalicelib.domain.desk.held import heeded_row, waits
from chalicelib.domain.notifications.notification import Notification, State
from chalicelib.domain.notifications.receipt import Receipt, apply
from chalicelib.domain.notifications.record import IncidentRecord
from chalicelib.domain.notifications.wave import begins, told
from chalicelib.domain.people.contact import OptOutScope
from chalicelib.flow.conflicts import again_on_conflict
from chalicelib.flow.incidents.settings_of import settings_of
from chalicelib.ports.notices import Metric, Notice
from chalicelib.ports.world import Ports


def take_receipt(receipt: Receipt, ports: Ports) -> State | None:
    """Apply one receipt; return the row's state, or None where the receipt said nothing new. Busy.

    A price alone is kept: it may come in no other event. It counts as no receipt.
    """
    before, state = _take(receipt, ports)
    if state:
        if state is not before:
            ports.measure(Metric.RECEIPTS, 1)
        # A text that arrived is no news while all do: looking costs a read in ten seconds.
        calm = receipt.carried and ports.settings.is_calm(receipt.notification.agency_id)
        if receipt.carried is not None and not calm:
            _note_wave(receipt, receipt.carried, ports)
    return state


@again_on_conflict()
def _note_wave(receipt: Receipt, passed: bool, ports: Ports) -> None:
    """Count a text that its carrier blocked, or let through while there are blocked ones: a read and a write.

    Each one that makes texts wait, or wait for longer, is told to people.
    """
    agency_id = receipt.notification.agency_id
    before = ports.settings.waves(agency_id)
    after = told(before, receipt.provider, passed, receipt.at)
    if after == before:
        return
    ports.settings.note_waves(agency_id, before, after)
    for name in begins(before, after):
        ports.notice(Notice.TEXTS_BLOCKED, agency=agency_id, provider=name, reason=receipt.reason)


@again_on_conflict()
def _take(receipt: Receipt, ports: Ports) -> tuple[State | None, State | None]:
    """Return the row's state before the receipt, and after it if it said something new."""
    record = ports.incidents.load(receipt.notification.incident)
    row = record.rows.get(receipt.notification)
    if row is None:
        return None, None
    _remember(receipt, row, ports)
    party = record.incident.everyone.get(row.key.recipient)
    moved = apply(receipt, row, has_email=bool(party and party.email))
    return row.state, ports.incidents.put(moved, _heed(record, moved, ports, receipt.at)).state if moved else None


def _heed(record: IncidentRecord, moved: Notification, ports: Ports, now: datetime) -> Attention:
    """Return whether a call ceases to wait for a person, as the last text that waited has gone after all."""
    if not waits(record.rows[moved.key]):
        return CALM
    agency = settings_of(record, ports)
    return heeded_row(record, moved, agency, now) if agency else CALM


def _remember(receipt: Receipt, row: Notification, ports: Ports) -> None:
    agency_id = receipt.notification.agency_id
    if receipt.landline and row.channel == "sms":
        ports.contacts.note_landline(agency_id, row.address, receipt.at)
    if receipt.opted_out:
        ports.contacts.opt_out(agency_id, row.address, OptOutScope.ALL, receipt.at, receipt.reason)
    if receipt.bounced:
        # The address alone: dispatchers type one placeholder for many people, whose phones must not be silenced.
        ports.contacts.note_bounce(agency_id, row.address, receipt.at, receipt.reason)
