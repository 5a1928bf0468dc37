"""The carriers' receipts and replies, sorted by the town whose text they are about."""

import json
import queue
import threading
from collections import defaultdict
from contextlib import suppress
from datetime import datetime
from typing import Any

import msgspec

from chalicelib.carriers.twilio.events import TwilioPost
from chalicelib.domain.names import NotificationKey
from chalicelib.virtual.carrier import TakenMessage
from rigs.carrier_simulator.misbehaving import Outbox


class Mailbox:
    """The carriers' outbox, shared by all towns."""

    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox
        self._waiting: dict[str, list[tuple[dict[str, Any], TakenMessage]]] = defaultdict(list)
        self._lock = threading.Lock()

    def take(self, agency_id: str, now: datetime) -> list[str]:
        """Return what is new for an agency, as it reaches `record_receipt`."""
        with self._lock:
            while True:
                try:
                    _, event, message = self._outbox.get_nowait()
                except queue.Empty:
                    break
                if message:
                    with suppress(ValueError):  # answers to STOP, and what desks are sent, are no notifications
                        whose = NotificationKey.from_id(message.reference).agency_id
                        self._waiting[whose].append((event, message))
            return [_body(event, message, now) for event, message in self._waiting.pop(agency_id, [])]


def _body(event: dict[str, Any], message: TakenMessage, now: datetime) -> str:
    if "fields" not in event:
        return json.dumps(event)
    post = TwilioPost(twilio=dict(event["fields"]), at=now, notification=message.reference)
    return msgspec.json.encode(post).decode()
