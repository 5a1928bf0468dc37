"""A dispatch or records system that posts signed webhooks to a running city."""

import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import httpx
import msgspec
from standardwebhooks import Webhook

from feed.signed import signed
from tenfour.common.reach import Stack


class Vendor:
    """A dispatch or records system that posts signed webhooks to a city."""

    def __init__(self, stack: Stack, feed: str = "cad") -> None:
        self._url = f"{stack.api}/{feed}/{stack.agency_id}"
        self._signer = Webhook(stack.webhook_secret if feed == "cad" else stack.rms_secret)
        self._client = httpx.Client(timeout=600, trust_env=False)

    def post(self, updates: Sequence[dict[str, Any]], webhook_id: str | None = None) -> httpx.Response:
        """Post updates."""
        return self._send("updates", msgspec.json.encode({"updates": updates}), webhook_id)

    def beat(self) -> httpx.Response:
        """Say that the feed lives."""
        return self._send("heartbeat", b"{}", None)

    def _send(self, path: str, body: bytes, webhook_id: str | None) -> httpx.Response:
        name, at = webhook_id or f"msg_{uuid4().hex}", datetime.now(UTC)
        return self._client.post(f"{self._url}/{path}", content=body, headers=signed(self._signer, name, at, body))


def wait_until(holds: Callable[[], object], seconds: float, every: float = 0.2) -> bool:
    """Wait until something holds; return whether it did in time."""
    give_up_at = time.monotonic() + seconds
    while time.monotonic() < give_up_at:
        if holds():
            return True
        time.sleep(every)
    return bool(holds())
