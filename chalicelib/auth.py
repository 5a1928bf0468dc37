"""Who may post: signatures by the Standard Webhooks scheme, and weaker ways for a CAD that can't sign.

A key says which ways it opens by what it has: `secret` signs, and `bearer`, `basic` and `header` are sent as they are.
"""

import hmac
import re
from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Literal

from msgspec import Struct

TOLERANCE = timedelta(minutes=5)
SHORTEST_SECRET = 16
"""Bytes of a signing key, characters of a bearer key."""

_PREFIX = "whsec_"
_SECONDS = re.compile(r"[0-9]{1,11}")

Feed = Literal["cad", "rms"]
Null = Literal["takes_back", "silence"]


class WebhookKey(Struct, frozen=True, kw_only=True):
    """A key that one vendor holds: a signing secret (`whsec_…`) or one of the weaker ways. Several are valid at once.

    `basic` is `user:password`, and `header` is the value of the header `header_name`. The agencies of `sandbox` are
    those in which the key posts exercises and nothing else. They are apart from `agencies`, so that a release that
    knows no sandbox lets the key post nothing. Until `received_until` the key may read what it posted.

    `null` says what its holder means by a null: it takes back what was told, or says nothing ("silence").
    """

    name: str
    feed: Feed
    agencies: tuple[str, ...] = ()
    secret: str = ""
    bearer: str = ""
    null: Null = "takes_back"
    basic: str = ""
    header: str = ""
    header_name: str = "x-api-key"
    sandbox: tuple[str, ...] = ()
    received_until: datetime | None = None

    @property
    def signing_key(self) -> bytes:
        """Return the bytes that sign; none where the secret is not base64."""
        return _decoded(self.secret.removeprefix(_PREFIX))

    @property
    def usable(self) -> bool:
        """Tell whether what the key has is long enough to keep anybody out."""
        ways = (
            (self.secret, self.signing_key),
            (self.bearer, self.bearer),
            (self.basic, self.basic.partition(":")[2]),
            (self.header, self.header),
        )
        secrets = [secret for way, secret in ways if way]
        return bool(secrets) and min(map(len, secrets)) >= SHORTEST_SECRET

    @property
    def posts_to(self) -> tuple[str, ...]:
        """Return the agencies that the key may name in an address."""
        return self.agencies + self.sandbox

    def reads_back(self, now: datetime) -> bool:
        """Tell whether the key may read what it posted: a sandbox key always."""
        return bool(self.sandbox) or (self.received_until is not None and now < self.received_until)

    @property
    def kept_under(self) -> str:
        """Return the name under which it is kept what was posted with this key, and with none of the same name."""
        told = [self.name, self.feed, self.secret, self.bearer, self.basic, self.header]
        return hmac.digest(b"received", "\0".join(told).encode(), "sha256").hex()[:32]


class Unauthentic(Exception):
    """Nobody that we know sent this; the text says what is wrong without helping to forge it."""


def authenticate(
    headers: Mapping[str, str], body: bytes, feed: Feed, keys: Sequence[WebhookKey], now: datetime
) -> WebhookKey:
    """Return the key that the request was made with; Unauthentic.

    Header names are in lower case. Source: standardwebhooks.com, version 1.0.0.
    """
    ours = [key for key in keys if key.feed == feed]
    if "webhook-signature" in headers:
        return _by_signature(headers, body, ours, now)
    return _as_sent(headers, [key for key in ours if key.usable])


def _as_sent(headers: Mapping[str, str], keys: Sequence[WebhookKey]) -> WebhookKey:
    """Return the key that was sent as it is, in its own way."""
    sent = list(_sent(headers, keys))
    for key, expected, given in sent:
        if hmac.compare_digest(expected.encode(), given):
            return key
    nothing = "the key is not known" if sent else "a webhook-signature or a bearer key is required"
    raise Unauthentic(_UNKNOWN.get(_scheme(headers)[0], nothing))


_UNKNOWN = {"bearer": "the bearer key is not known", "basic": "the user and password are not known"}


def _scheme(headers: Mapping[str, str]) -> tuple[str, str]:
    """Return the scheme of an authorization in small letters, and what it gives; no scheme where it gives nothing."""
    scheme, _, given = headers.get("authorization", "").partition(" ")
    return (scheme.lower(), given.strip()) if given.strip() else ("", "")


def _sent(headers: Mapping[str, str], keys: Sequence[WebhookKey]) -> Iterator[tuple[WebhookKey, str, bytes]]:
    """Yield each key that may be sent as it is, beside what was sent in its way (RFC 6750, RFC 7617, or a header)."""
    scheme, given = _scheme(headers)
    for key in keys:
        in_header = headers.get(key.header_name.lower(), "").strip()
        if key.bearer and scheme == "bearer":
            yield key, key.bearer, given.encode()
        if key.basic and scheme == "basic":
            yield key, key.basic, _decoded(given)
        if key.header and in_header:
            yield key, key.header, in_header.encode()


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
        if key.secret and _signed_by(key.signing_key, signed, signatures) and key.usable:
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
