"""What AWS tells later of a text or an email: the whole way back, from its event to the row of the message.

    simulator ─▶ event ─▶ SNS ─▶ SQS ─▶ RecordReceipt ─▶ DynamoDB

A row stands in the rehearsal's own table before the message goes, as `Deliver` would leave it. It is due in an hour, so
that nothing else touches it.
"""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from chalicelib.domain.incidents.incident import Incident
from chalicelib.domain.names import Kind, NotificationKey
from chalicelib.domain.notifications.notification import Channel, Notification, State
from chalicelib.domain.notifications.record import IncidentChange
from tenfour.common.errors import CityFailed
from tenfour.stack.rehearse_bench import Bench, NotTried

INCIDENT = "TENFOUR-REHEARSAL"
NOT_BEFORE = timedelta(hours=1)
TOLD_WITHIN = 180.0
"""Seconds: receipts gather for 20 of them before they are taken."""


def expect(bench: Bench, channel: Channel, address: str) -> NotificationKey:
    """Write the row of a message that is about to go, and return its key."""
    number = f"{INCIDENT}-{channel.upper()}"
    key = NotificationKey(bench.agency_id or "rehearsal", number, Kind.ACKNOWLEDGMENT, channel)
    now = datetime.now(UTC)
    row = Notification(
        key=key,
        channel=channel,
        address=address,
        planned_for=now,
        created_at=now,
        send_at=now + NOT_BEFORE,
        expires_at=now + NOT_BEFORE,
        state=State.SENDING,
        attempts=1,
    )
    change = IncidentChange(
        incident=Incident(agency_id=key.agency_id, incident_number=number),
        version=0,
        created_at=now,
        settings_version=1,
        skipped=(),
        rows=(row,),
        updates=(),
        source_id="rehearsal",
        at=now,
        silence=None,
        keep_until=None,
        keep_history_until=None,
    )
    bench.aws().incidents.save(change)
    return key


def await_receipts(bench: Bench) -> Iterator[str]:
    """Wait until each message has arrived or failed, and tell so; CityFailed where no event at all came of one.

    The first event says that a message is on its way. Some carriers tell nothing after it.
    """
    if not bench.taken:
        raise NotTried("no message was taken")
    incidents, give_up_at = bench.aws().incidents, time.monotonic() + TOLD_WITHIN
    while True:
        rows = {key: incidents.load(key.incident).rows[key] for key in bench.taken}
        settled = all(row.state not in (State.SENDING, State.SENT) for row in rows.values())
        if settled or time.monotonic() > give_up_at:
            break
        time.sleep(1)
    for key, row in rows.items():
        yield f"{key.recipient}: {row.state} {row.reason}".strip()
    silent = [key.recipient for key, row in rows.items() if row.state is State.SENDING]
    if silent:
        raise CityFailed(f"no event came for {' and '.join(silent)} within {TOLD_WITHIN:.0f} seconds")
