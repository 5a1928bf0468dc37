"""What an ID token must say before somebody is signed in: OpenID Connect Core 1.0, 3.1.3.7. Pure.

The token comes straight from the provider's token endpoint over TLS, so TLS stands for its signature (point 6 there).
A token of any other way must not come here.
"""

import hmac
from base64 import urlsafe_b64decode
from binascii import Error as NotBase64
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

import msgspec
from msgspec import Struct

from chalicelib.domain.desk.pool_list import listed
from chalicelib.domain.lately import SKEW

MOST_VALUES = 200
"""Values of one claim that are kept: Entra names no more groups than that in a token."""

LONGEST_VALUE = 256
BACKDATED = timedelta(minutes=10)
"""A token that was issued longer than this before we asked is another sign-in's. Entra dates its own 5 minutes back."""

_ROUNDED = timedelta(seconds=5)
"""Tokens tell whole seconds."""


class Reason(StrEnum):
    """Why nobody is signed in. Each has a sentence on the page; the list is closed."""

    NOT_ASKED = "not_asked"
    TOO_LATE = "too_late"
    ANOTHER_BROWSER = "another_browser"
    DENIED = "denied"
    PROVIDER_FAILED = "provider_failed"
    PROVIDER_DOWN = "provider_down"
    NO_CODE = "no_code"
    CODE_REFUSED = "code_refused"
    CLIENT_REFUSED = "client_refused"
    NOT_A_TOKEN = "not_a_token"  # noqa: S105  a reason
    UNSIGNED = "unsigned"
    WRONG_ISSUER = "wrong_issuer"
    WRONG_AUDIENCE = "wrong_audience"
    EXPIRED = "expired"
    NOT_YET = "not_yet"
    WRONG_NONCE = "wrong_nonce"
    NO_SUBJECT = "no_subject"
    NOT_SIGNED_IN_AGAIN = "not_signed_in_again"
    AGAIN_UNKNOWN = "again_unknown"
    SOMEBODY_ELSE = "somebody_else"
    TOO_MANY_GROUPS = "too_many_groups"


class Refused(Exception):
    """Nobody is signed in, for a reason of the closed list."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


class Expected(Struct, frozen=True, kw_only=True):
    """What a token must say.

    `asked_at` is when the provider was asked. With `again`, the person must have proved who they are since then.
    `claims` are those that settings name for roles.
    """

    issuer: str
    client_id: str
    nonce: str
    asked_at: datetime
    again: bool = False
    claims: frozenset[str] = frozenset()


class Identity(Struct, frozen=True, kw_only=True):
    """A person, as the provider says it."""

    issuer: str
    subject: str
    name: str
    groups: Mapping[str, tuple[str, ...]]
    methods: tuple[str, ...]
    signed_in_at: datetime | None


def read(token: str) -> Mapping[str, Any]:
    """Return the claims of a token in its compact form; Refused for what is none, or says that nobody signed it."""
    parts = token.split(".")
    if len(parts) != 3:  # noqa: PLR2004  RFC 7515, 7.1
        raise Refused(Reason.NOT_A_TOKEN)
    algorithm = _part(parts[0]).get("alg")
    if not isinstance(algorithm, str) or algorithm.lower() == "none" or not parts[2]:
        raise Refused(Reason.UNSIGNED)
    return _part(parts[1])


def check(claims: Mapping[str, Any], expected: Expected, now: datetime) -> Identity:
    """Return whom a token names if it says all that it must; Refused."""
    if claims.get("iss") != expected.issuer:
        raise Refused(Reason.WRONG_ISSUER)
    _check_audience(claims, expected.client_id)
    _check_times(claims, expected, now)
    if not _same(claims.get("nonce"), expected.nonce):
        raise Refused(Reason.WRONG_NONCE)
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST_VALUE:  # Core, 2: at most 255 characters
        raise Refused(Reason.NO_SUBJECT)
    return Identity(
        issuer=expected.issuer,
        subject=subject,
        name=_name(claims),
        groups=_groups(claims, expected.claims),
        methods=(*_texts(claims.get("amr")), *_texts(claims.get("acr"))),
        signed_in_at=_signed_in_at(claims, expected, now),
    )


def _check_audience(claims: Mapping[str, Any], client_id: str) -> None:
    """Points 3 to 5: the token is for us; where it is for others too, it says that it was given to us."""
    audience = claims.get("aud")
    several = audience if isinstance(audience, list) else [audience]
    party = claims.get("azp")
    if client_id not in several or (party is None and len(several) > 1) or party not in (None, client_id):
        raise Refused(Reason.WRONG_AUDIENCE)


def _check_times(claims: Mapping[str, Any], expected: Expected, now: datetime) -> None:
    """Points 9 and 10: the token is of now, and not of an earlier sign-in."""
    expires, issued, begins = (_instant(claims.get(name)) for name in ("exp", "iat", "nbf"))
    if expires is None or expires <= now - SKEW:
        raise Refused(Reason.EXPIRED)
    if issued is None or issued > now + SKEW or (begins or issued) > now + SKEW:
        raise Refused(Reason.NOT_YET)
    if issued < expected.asked_at - BACKDATED:
        raise Refused(Reason.EXPIRED)


def _signed_in_at(claims: Mapping[str, Any], expected: Expected, now: datetime) -> datetime | None:
    """Point 13: whoever was asked to sign in again has done so since; a provider that does not say so is refused.

    By the provider's own clock, which needs no allowance, the sign-in is no older than our question; by ours neither.
    """
    at, issued = _instant(claims.get("auth_time")), _instant(claims.get("iat"))
    if at is not None and at > now + SKEW:
        raise Refused(Reason.NOT_YET)
    if not expected.again:
        return at
    if at is None or issued is None:
        raise Refused(Reason.AGAIN_UNKNOWN)
    if issued - at > now - expected.asked_at + _ROUNDED or at < expected.asked_at - SKEW:
        raise Refused(Reason.NOT_SIGNED_IN_AGAIN)
    return at


def _groups(claims: Mapping[str, Any], names: Iterable[str]) -> Mapping[str, tuple[str, ...]]:
    """Return the values of the claims that settings name.

    Entra leaves a claim out where it has more than 200 values, and says in `_claim_names` where they could be asked for
    (https://learn.microsoft.com/entra/identity-platform/id-token-claims-reference, groups overage claim).
    """
    said = {name: _texts(listed(name, claims.get(name)))[:MOST_VALUES] for name in sorted(names)}
    found = {name: values for name, values in said.items() if values}
    elsewhere = claims.get("_claim_names")
    overflowed = set(elsewhere) if isinstance(elsewhere, dict) else set[str]()
    overflowed |= {"groups"} if claims.get("hasgroups") else set()
    if not found and overflowed.intersection(names):
        raise Refused(Reason.TOO_MANY_GROUPS)
    return found


def _name(claims: Mapping[str, Any]) -> str:
    """Return how the person is called here."""
    names = (claims.get(name) for name in ("name", "preferred_username", "email", "cognito:username"))
    known = (" ".join(name.split()) for name in names if isinstance(name, str))
    return next((name[:80] for name in known if name.isprintable() and name), "")


def _texts(value: Any) -> tuple[str, ...]:
    """Return the values of a claim: AD FS writes a single one as a text, not as a list."""
    values = value if isinstance(value, list) else [value]
    return tuple(text for text in values if isinstance(text, str) and 0 < len(text) <= LONGEST_VALUE)


def _instant(value: Any) -> datetime | None:
    """Return a NumericDate of RFC 7519, or None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return datetime.fromtimestamp(value, UTC)
    except (OverflowError, ValueError, OSError):
        return None


def _same(given: Any, expected: str) -> bool:
    return isinstance(given, str) and given.isascii() and hmac.compare_digest(given, expected)


def _part(part: str) -> Mapping[str, Any]:
    try:
        return msgspec.json.decode(urlsafe_b64decode(part + "=" * (-len(part) % 4)), type=dict[str, Any])
    except (NotBase64, ValueError, msgspec.MsgspecError) as wrong:
        raise Refused(Reason.NOT_A_TOKEN) from wrong
