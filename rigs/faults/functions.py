"""The functions of `app.py`, step for step, on another clock: each does one event and tells whether it is done."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from msgspec.structs import replace

from chalicelib.aws.stream import batch_name, read_record
from chalicelib.boundary import each
from chalicelib.carriers.events import read_receipt, read_reply
from chalicelib.domain.names import NotificationKey
from chalicelib.domain.notifications.receipt import UnknownEvent
from chalicelib.domain.settings.agency import Agency
from chalicelib.flow.desk.tend import tend_attention
from chalicelib.flow.incidents.receive import receive_updates
from chalicelib.flow.lake.compact import compact_landing
from chalicelib.flow.lake.export import export_changes
from chalicelib.flow.notifications.deliver import deliver_notification
from chalicelib.flow.notifications.record_receipt import take_receipt
from chalicelib.flow.notifications.sweep import sweep_due
from chalicelib.flow.people.record_reply import take_reply
from chalicelib.inbound.cad.read_updates import read_updates
from chalicelib.wiring import Aws


class Functions:
    """The functions that AWS calls; each returns whether its message is done with."""

    def __init__(self, agency: Agency, clock: Callable[[], datetime]) -> None:
        self._agency, self._clock = agency, clock

    def receive(self, raw: bytes, source: str, aws: Aws, now: datetime) -> bool:
        """Take in a webhook that is authentic."""
        batch = read_updates(raw, source, self._agency.country, now)
        if batch.rejected:
            return False
        receive_updates(batch.said_by("cad"), source, self._agency, aws, now)
        aws.settings.note_feed(self._agency.agency_id, now)
        return True

    def sweep(self, aws: Aws, now: datetime) -> bool:
        """Find what is due, and tend what waits for somebody."""
        sweep_due(aws, now)
        tend_attention(aws, now)
        return True

    def deliver(self, body: str, aws: Aws, now: datetime) -> bool:
        """Bring a hinted row as far as it can go."""
        return _done(
            "deliver", body, lambda record: deliver_notification(NotificationKey.from_id(record["body"]), aws, now)
        )

    def receipt(self, body: str, aws: Aws, now: datetime) -> bool:
        """Note what a provider says."""

        def act(record: Mapping[str, Any]) -> None:
            try:
                receipt = read_receipt(record["body"])
            except UnknownEvent:
                return
            if receipt:  # its instant is of the carrier's clock, which does not jump
                take_receipt(replace(receipt, at=now), aws)

        return _done("record_receipt", body, act)

    def reply(self, body: str, aws: Aws, now: datetime) -> bool:
        """Do what a person texts back."""
        return _done("record_reply", body, lambda record: take_reply(read_reply(record["body"], now), aws))

    def export(self, records: list[Mapping[str, Any]], aws: Aws) -> bool:
        """Land what changed."""
        changes = (changed for record in records if (changed := read_record(record)) is not None)
        export_changes(changes, batch_name(records), aws.lake, aws.settings)
        return True

    def compact(self, aws: Aws) -> bool:
        """Merge what has landed into its days."""
        compact_landing(aws.lake)
        return True


def _done(step: str, body: str, act: Callable[[Mapping[str, Any]], object]) -> bool:
    return not each({"Records": [{"messageId": "1", "body": body}]}, step, act)["batchItemFailures"]
