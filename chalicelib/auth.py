"""Who may post: signatures by the Standard Webhooks scheme, and bearer keys for a CAD that can't sign."""

import hmac
import re
from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Literal

from msgspec import Struct

TOLERANCE = timedelta(minutes=5)
SHORTEST_SECRET = 16
"""Bytes of a signing key, characters of a bearer key."""

_PREFIX = "whsec_"
_SECONDS = re.compile(r"[0-9]{1,11}")

Feed = Literal["cad", "rms"]


class WebhookKey(Struct, frozen=True, kw_only=True):
    """A key that one vendor holds: a signing secret (`whsec_…`) or a bearer key. Several are valid at once."""

    name: str
    feed: Feed
    agencies: tuple[str, ...]
    secret: str = ""
    bearer: str = ""

    @property
    def signing_key(self) -> bytes:
        """Return the bytes that sign; none where the secret is not base64."""
        return _decoded(self.secret.removeprefix(_PREFIX))

    @property
    def usable(self) -> bool:
        """Tell whether what the key has is long enough to keep anybody out."""
        given = [*([self.signing_key] if self.secret else ()), *([self.bearer] if self.bearer else ())]
        return bool(given) and min(map(len, given)) >= SHORTEST_SECRET


class Unauthentic(Exception):
    """Nobody that we know sent this; the text says what is wrong without helping to forge it."""


def authenticate(
    headers: Mapping[str, str], body: bytes, feed: Feed, keys: Sequence[WebhookKey], now: datetime
) -> WebhookKey:
    """Return the key that the request was made with; Unauthentic.

    Header names are in lower case. Source: standardwebhooks.com, version 1.0.0.
    """
    ours = [key for key in keys if key.feed == feed and key.usable]
    if "webhook-signature" in headers:
        return _by_signature(headers, body, ours, now)
    scheme, _, given = headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and given.strip():
        return _by_bearer(given.strip(), ours)
    raise Unauthentic("a webhook-signature or a bearer key is required")


def _by_bearer(given: str, keys: Sequence[WebhookKey]) -> WebhookKey:
    for key in keys:
        if key.bearer and hmac.compare_digest(key.bearer.encode(), given.encode()):
            return key
    raise Unauthentic("the bearer key is not known")


def _by_signature(headers: Mapping[str, str], body: bytes, keys: Sequence[WebhookKey], now: datetime) -> WebhookKey:
    webhook_id, sent_at = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not webhook_id or not _SECONDS.fullmatch(sent_at):
        raise Unauthentic("webhook-id and webhook-timestamp (seconds since 1970) are required")
    if abs(now - datetime.fromtimestamp(int(sent_at), UTC)) > TOLERANCE:
        raise Unauthentic("webhook-timestamp is more than 5 minutes from our clock")
    signed = _signed_text(webhook_id, sent_at, body)
    given = [word.partition(",") for word in headers["webhook-signature"].split()]
    signatures = [signature for version, _, signature in given if version == "v1"]
    for key in keys:
        if key.secret and _signed_by(key.signing_key, signed, signatures):
            return key
    raise Unauthentic("no webhook-signature is right for this body")


def signature_of(key: WebhookKey, headers: Mapping[str, str], body: bytes) -> str | None:
    """Return what names the one signature of an authentic request; None for a bearer key, which signs nothing."""
    if "webhook-signature" not in headers:
        return None
    signed = _signed_text(headers["webhook-id"], headers["webhook-timestamp"], body)
    return hmac.digest(key.signing_key, b"used:" + signed, "sha256").hex()


def _signed_text(webhook_id: str, sent_at: str, body: bytes) -> bytes:
    return b".".join((webhook_id.encode(), sent_at.encode(), body))


def _signed_by(signing_key: bytes, signed: bytes, signatures: Sequence[str]) -> bool:
    expected = hmac.digest(signing_key, signed, "sha256")
    return any(hmac.compare_digest(expected, _decoded(signature)) for signature in signatures)


def _decoded(text: str) -> bytes:
    try:
        return b64decode(text, validate=True)
    except (NotBase64, ValueError):
        return b""
