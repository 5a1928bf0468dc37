"""Note what providers' refusals say, of an address or of themselves, once the row of the message is written.

A STOP may be recorded on the same profile just now: then the refusal waits for it, and the row is safe meanwhile.
"""

from collections.abc import Mapping
from datetime import datetime

from chalicelib.domain.notifications.notification import Notification, Provider
from chalicelib.domain.people.contact import OptOutScope
from chalicelib.flow.conflicts import again_on_conflict
from chalicelib.ports.carrier import SendFailed
from chalicelib.ports.notices import Notice
from chalicelib.ports.world import Ports


def note_refusals(row: Notification, failures: Mapping[Provider, SendFailed], ports: Ports, now: datetime) -> None:
    """Note what each failure says about the row's address, and codes that nobody knows; Busy."""
    for name, failure in failures.items():
        if failure.unknown:
            ports.notice(Notice.UNKNOWN_PROVIDER_CODE, provider=name, code=failure.reason, notification=row.key.id)
    for failure in failures.values():
        _remember(row, failure, ports, now)


@again_on_conflict()
def _remember(row: Notification, failure: SendFailed, ports: Ports, now: datetime) -> None:
    if failure.opted_out:
        ports.contacts.opt_out(row.key.agency_id, row.address, OptOutScope.ALL, now, failure.reason)
    if failure.landline:
        ports.contacts.note_landline(row.key.agency_id, row.address, now)
