"""A sign-in that has begun: what the browser and the provider were given, and what comes back. Pure.

One random value is in the browser's cookie and nowhere else. State, nonce and PKCE's verifier are derived from it, so
the table holds none of them, and a call-back counts in the browser that began it alone.
"""

import hashlib
import hmac
import re
from base64 import urlsafe_b64encode
from datetime import datetime, timedelta
from typing import Literal

from msgspec import Struct

OPEN_FOR = timedelta(minutes=10)
"""How long somebody may take at the provider."""

SIGNED_OUT = "out"
"""What is left in the cookie of a browser where somebody signed out: the next one there proves who they are."""

HOME = "/desk/"
LONGEST_TARGET = 500


class Pending(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A sign-in that has begun.

    `state_hash` is its name in the table. `target` is where the person wanted to go. With `again`, they must prove anew
    who they are; `again_as` is the subject who must, or "" where it may be anybody.
    """

    state_hash: str
    target: str
    issuer: str
    redirect_uri: str
    begun_at: datetime
    again: bool = False
    again_as: str = ""


def derived(secret: str, purpose: Literal["state", "nonce", "verifier"]) -> str:
    """Derive what a sign-in needs from its cookie: 43 characters that RFC 7636, 4.1 allows in a verifier."""
    return _base64(hmac.digest(secret.encode(), f"desk sign-in {purpose}".encode(), "sha256"))


def challenge(verifier: str) -> str:
    """Return the S256 challenge of a verifier: RFC 7636, 4.2."""
    return _base64(hashlib.sha256(verifier.encode()).digest())


def hashed(value: str) -> str:
    """Return the SHA-256 of a cookie or state, in hex: all that a table holds of it."""
    return hashlib.sha256(value.encode()).hexdigest()


def safe_target(target: str) -> str:
    """Return a page of the desk, else its first page: nobody is led elsewhere after signing in."""
    path = target.partition("?")[0]
    parts = path.removeprefix(HOME).split("/")
    good = path.startswith(HOME) and all(map(_PART.fullmatch, parts[:-1])) and _LAST.fullmatch(parts[-1])
    plain = len(target) <= LONGEST_TARGET and _PLAIN.fullmatch(target) and parts[0] not in _OWN
    return target if good and plain else HOME


_PART = re.compile(r"[A-Za-z0-9_-]+")
_LAST = re.compile(r"[A-Za-z0-9_-]*")
_PLAIN = re.compile(r"[A-Za-z0-9/_?&=%.+~:,*-]+")
_OWN = frozenset({"sign-in", "signed-in", "sign-out", "assets"})
"""What is no page to come back to."""


def _base64(digest: bytes) -> str:
    return urlsafe_b64encode(digest).rstrip(b"=").decode()
