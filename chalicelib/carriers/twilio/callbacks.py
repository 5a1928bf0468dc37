"""Twilio's posts to us: whether they are its own, to which numbers they came, and what they are answered with."""

import hmac
from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Iterable, Sequence
from datetime import datetime
from urllib.parse import urlsplit

import msgspec

from chalicelib.carriers.twilio.account import TwilioAccount
from chalicelib.carriers.twilio.events import TwilioPost

SIGNATURE = "x-twilio-signature"
"""The header that has it."""

NOTHING_TO_DO = "<Response/>"
"""Nothing that Twilio should do or text back (TwiML)."""

Posted = Sequence[tuple[str, str]]


def signed_for(account: TwilioAccount | None, url: str, posted: Posted, signature: str) -> bool:
    """Tell whether Twilio posted this to an address of ours, by any token of our account."""
    tokens = (account.auth_token, *account.other_tokens) if account else ()
    return any(signed_by_twilio(url, posted, signature, token) for token in tokens)


def signed_by_twilio(url: str, fields: Iterable[tuple[str, str]], signature: str, token: str) -> bool:
    """Tell whether Twilio posted these fields to this address of ours.

    It may or may not have signed the usual port with the address. Source: twilio.com/docs/usage/security.
    """
    posted = "".join(name + value for name, value in sorted(set(fields)))
    given = _decoded(signature)
    expected = [hmac.digest(token.encode(), (each + posted).encode(), "sha1") for each in _with_and_without_port(url)]
    return bool(token) and any(hmac.compare_digest(each, given) for each in expected)


def numbers_called(posted: Posted) -> list[str]:
    """Return the number that a person texted, then the messaging service that it belongs to, if any."""
    return [value for wanted in ("To", "MessagingServiceSid") for name, value in posted if name == wanted]


def kept(posted: Posted, at: datetime, *, notification: str = "", number: str = "") -> str:
    """Return a post that was authentic as it waits in a queue, for `events.py` to read."""
    post = TwilioPost(twilio=dict(posted), at=at, notification=notification, number=number)
    return msgspec.json.encode(post).decode()


def _with_and_without_port(url: str) -> tuple[str, ...]:
    parts = urlsplit(url)
    bare, _, given = parts.netloc.partition(":")
    port = given or {"https": "443", "http": "80"}[parts.scheme]
    return tuple(parts._replace(netloc=place).geturl() for place in (bare, f"{bare}:{port}"))


def _decoded(signature: str) -> bytes:
    try:
        return b64decode(signature, validate=True)
    except (NotBase64, ValueError):
        return b""
