"""A provider tells what became of a message: move its row, and remember what it says about the address."""

from functools import partial

from chalicelib.domain.contact import OptOutScope
from chalicelib.domain.notification import Notification, State
from chalicelib.domain.receipt import Receipt, apply
from chalicelib.flow.retry import until_settled
from chalicelib.ports import Metric, Ports


def take_receipt(receipt: Receipt, ports: Ports) -> State | None:
    """Apply one receipt; return the row's new state, or None where the receipt said nothing new. Busy."""
    state = until_settled(partial(_take, receipt, ports), ports)
    if state:
        ports.measure(Metric.RECEIPTS, 1)
    return state


def _take(receipt: Receipt, ports: Ports) -> State | None:
    row = ports.incidents.load(receipt.notification.incident).rows.get(receipt.notification)
    if row is None:
        return None
    _remember(receipt, row, ports)
    moved = apply(receipt, row)
    return ports.incidents.put(moved).state if moved else None


def _remember(receipt: Receipt, row: Notification, ports: Ports) -> None:
    agency_id = receipt.notification.agency_id
    if receipt.landline and row.channel == "sms":
        ports.contacts.note_landline(agency_id, row.address, receipt.at)
    if receipt.opted_out:
        ports.contacts.opt_out(agency_id, row.address, OptOutScope.ALL, receipt.at, receipt.reason)
