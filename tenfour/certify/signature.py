"""Say what is wrong with a signature, in words from which an engineer can put it right."""

import base64
import binascii
import hmac
import json
from collections.abc import Iterator, Mapping
from datetime import datetime

from chalicelib.auth import Feed, Unauthentic, WebhookKey, authenticate

_MILLISECONDS = 13
_PREFIX = "whsec_"


def wrong_with(headers: Mapping[str, str], body: bytes, feed: Feed, keys: tuple[WebhookKey, ...], now: datetime) -> str:
    """Return what is wrong with the signature or key of a request; blank where it is authentic."""
    try:
        authenticate(headers, body, feed, keys, now)
    except Unauthentic as problem:
        causes = list(_causes(headers, body, keys, timely="no webhook-signature" in str(problem)))
        return f"{problem}: {causes[0]}" if causes else str(problem)
    return ""


def _causes(headers: Mapping[str, str], body: bytes, keys: tuple[WebhookKey, ...], *, timely: bool) -> Iterator[str]:
    if "webhook-signature" not in headers:
        if "authorization" in headers:
            yield "authorization is there, but it is not “Bearer” and the key"
        return
    sent_at = headers.get("webhook-timestamp", "")
    if len(sent_at) == _MILLISECONDS:
        yield "webhook-timestamp is in milliseconds"
    if not timely:
        return
    for key in keys:
        yield from _of_key(headers, body, key)


def _of_key(headers: Mapping[str, str], body: bytes, key: WebhookKey) -> Iterator[str]:
    name, sent_at = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    given = [word.rpartition(",")[2] for word in headers["webhook-signature"].split()]
    told = f"{name}.{sent_at}.".encode() + body
    as_text = key.secret.removeprefix(_PREFIX)
    for secret, text, cause in (
        (key.signing_key, told, "it is right, but not written as v1, and base64"),
        (as_text.encode(), told, "the text of the secret was the key: decode it from base64 first"),
        (key.secret.encode(), told, "the text whsec_… was the key: take whsec_ away, and decode the rest from base64"),
        (key.signing_key, body, "the body alone was signed: sign id, timestamp and body, with points between them"),
        (key.signing_key, told + b"\n", "a line break at the end of the body was signed, and not sent"),
        (key.signing_key, told.rstrip(b"\r\n"), "the line break at the end of the body was not signed"),
        *((key.signing_key, f"{name}.{sent_at}.".encode() + other, _CHANGED) for other in _rewritten(body)),
    ):
        if any(_is(hmac.digest(secret, text, "sha256"), each) for each in given):
            yield cause


_CHANGED = "the body was written anew after it was signed: send the very bytes that were signed"


def _rewritten(body: bytes) -> Iterator[bytes]:
    """Yield other ways in which libraries write the same JSON."""
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return
    for separators in ((",", ":"), (", ", ": ")):
        for ascii_only in (True, False):
            yield json.dumps(told, separators=separators, ensure_ascii=ascii_only).encode()
    yield json.dumps(told, indent=2).encode()


def _is(digest: bytes, given: str) -> bool:
    """Tell whether a signature is a digest, in whatever alphabet it is written."""
    forms = (base64.b64encode(digest), base64.urlsafe_b64encode(digest).rstrip(b"="), binascii.hexlify(digest))
    return given.rstrip("=").lower() in {form.decode().rstrip("=").lower() for form in forms}
