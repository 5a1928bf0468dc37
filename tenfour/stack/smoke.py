"""After a deployment: does the stack answer, keep strangers out, and take a call in without telling anybody?"""

import base64
import hashlib
import hmac
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import uuid4

import httpx
import msgspec

from chalicelib.auth import WebhookKey
from chalicelib.domain.names import IncidentKey
from chalicelib.domain.notifications.reasons import Reason
from chalicelib.insight.keys.make import as_sent
from chalicelib.wiring import KEYS_FRESH, Aws
from tenfour.stack.finding import Finding

READY_WITHIN = 60.0
"""Seconds: a new API answers 403 until all of it has been set up."""

_UNAUTHENTIC, _FORBIDDEN, _ACCEPTED = 401, 403, 202


def smoke(
    address: str, aws: Aws, agency_id: str | None, key: WebhookKey | None, certificates: bool = False
) -> Iterator[Finding]:
    """Yield what was tried; an exercise is an incident about which nobody is told anything.

    Where feeds must show a certificate, which is the vendor's, all else is tried.
    """
    with httpx.Client(base_url=address.rstrip("/"), timeout=35) as client:
        healthy = _health(client)
        yield healthy
        if healthy.level == "stop":
            return
        stranger = client.post(f"/cad/{agency_id or 'nobody'}/updates", json={"updates": [{}]})
        shut = stranger.status_code == (_FORBIDDEN if certificates else _UNAUTHENTIC)
        says = (
            f"an unsigned update is answered {stranger.status_code}{'' if shut else ': not turned away, see the log'}"
        )
        yield Finding("ok" if shut else "stop", "smoke", says)
        if certificates:
            says = "dispatch posts with its certificate, which is not ours to try: have the vendor post an exercise"
            yield Finding("live", "smoke", says)
        elif agency_id and key:
            yield _exercise(client, aws, agency_id, key)


def _health(client: httpx.Client) -> Finding:
    give_up_at = time.monotonic() + READY_WITHIN
    while (told := _told(client)) != "200" and time.monotonic() < give_up_at:
        time.sleep(2)
    if told != "200":
        where = str(client.base_url).rstrip("/")
        why = "if the domain is new, its DNS record must lead here first: set it and deploy again; else see `ApiLogs`"
        return Finding("stop", "smoke", f"{where}/health: {told}; {why}")
    return Finding("ok", "smoke", "/health answers")


def _told(client: httpx.Client) -> str:
    try:
        return str(client.get("/health").status_code)
    except httpx.TransportError as problem:  # a name that is new to DNS
        return str(problem)


def _exercise(client: httpx.Client, aws: Aws, agency_id: str, key: WebhookKey) -> Finding:
    number, at = f"TENFOUR-{uuid4().hex[:8].upper()}", datetime.now(UTC)
    update = {"incident_number": number, "as_of": at, "received_at": at, "exercise": True, "incident_type": "TENFOUR"}
    body = msgspec.json.encode({"updates": [update]})
    path = f"/cad/{agency_id}/updates"
    give_up_at = time.monotonic() + KEYS_FRESH.total_seconds() + READY_WITHIN  # a key that is new to a warm container
    while True:
        answer = client.post(path, content=body, headers=signed(key, body, datetime.now(UTC)))
        if answer.status_code != _UNAUTHENTIC or time.monotonic() > give_up_at:
            break
        time.sleep(5)
    if answer.status_code != _ACCEPTED:
        return Finding("stop", "smoke", f"a signed exercise is answered {answer.status_code}: {answer.text[:120]}")
    record = aws.incidents.load(IncidentKey(agency_id, number))
    reasons = {skipped.reason for skipped in record.skipped}
    if record.rows or not record.version or Reason.EXERCISE not in reasons:
        return Finding("stop", "smoke", f"the exercise {number} was not stored as one: `tenfour explain {number}`")
    return Finding("ok", "smoke", f"a signed exercise, {number}, is stored and tells nobody")


def signed(key: WebhookKey, body: bytes, at: datetime) -> dict[str, str]:
    """Return the headers of a request by the Standard Webhooks scheme, or of a key that does not sign."""
    headers = {"content-type": "application/json"}
    if not key.secret:
        return {**headers, **as_sent(key)}
    name, seconds = f"msg_{uuid4().hex}", str(int(at.timestamp()))
    told = b".".join((name.encode(), seconds.encode(), body))
    signature = base64.b64encode(hmac.digest(key.signing_key, told, hashlib.sha256)).decode()
    return {
        **headers,
        "webhook-id": name,
        "webhook-timestamp": seconds,
        "webhook-signature": f"v1,{signature}",
    }
