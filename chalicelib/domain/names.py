"""Names of things: which incident, which notification, and the word by which providers know it."""

import hashlib
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from enum import StrEnum
from typing import Annotated, Self

from msgspec import Meta, Struct

LONGEST_TAG = 256
"""Longest value of an SES message tag (SES API v2, MessageTag); letters, digits, `_` and `-` only."""

CORRELATION = "notification"
"""Under this name providers carry a notification's id: a key of End User Messaging's context, a tag of SES."""

_AGENCY_ID = r"^[a-z][a-z0-9-]{0,23}$(?!\n)"
AgencyId = Annotated[str, Meta(pattern=_AGENCY_ID)]

_SANDBOX = "!sandbox."
_PLAIN = re.compile(r"[A-Za-z0-9-]*")
_LIKE_AN_ADDRESS = re.compile(r".*@.*|\D{0,5}(\d[ ().+-]{0,3}){10,15}")


class Kind(StrEnum):
    """The kinds of notification, in the order in which a caller meets them."""

    ACKNOWLEDGMENT = "acknowledgment"
    DISPATCHED = "dispatched"
    DELAY = "delay"
    OUTCOME = "outcome"
    CASE_NUMBER = "case_number"
    SURVEY = "survey"


class IncidentKey(Struct, frozen=True, order=True):
    """One incident of one agency."""

    agency_id: str
    incident_number: str


class NotificationKey(Struct, frozen=True, order=True):
    """One notification; there is one row for a key, so nobody is told the same thing twice."""

    agency_id: str
    incident_number: str
    kind: Kind
    recipient: str
    ordinal: int = 0

    @property
    def incident(self) -> IncidentKey:
        """Return the incident that this notification is about."""
        return IncidentKey(self.agency_id, self.incident_number)

    @property
    def id(self) -> str:
        """Return the key as one word that a provider carries and gives back in its receipts.

        It leads to the row without a look-up and reads well in a log: the parts stand between
        `__`; any other character is `_` and two hex digits. A name that is too long for a tag
        is base64 behind a `_`.
        """
        parts = (self.agency_id, self.incident_number, self.kind, self.recipient, str(self.ordinal))
        word = "__".join(parts if _PLAIN.fullmatch("".join(parts)) else map(_escape, parts))
        return word if len(word) <= LONGEST_TAG else f"_{urlsafe_b64encode(_joined(parts)).decode().rstrip('=')}"

    @classmethod
    def from_id(cls, word: str) -> Self:
        """Read back what `id` wrote; ValueError for anything else."""
        if word.startswith("_"):
            parts = urlsafe_b64decode(word[1:] + "==").decode().split("\0")
        else:
            parts = [_unescape(part) for part in word.split("__")]
        if len(parts) != len(cls.__struct_fields__):
            raise ValueError("not a notification id")
        agency_id, incident_number, kind, recipient, ordinal = parts
        return cls(agency_id, incident_number, Kind(kind), recipient, int(ordinal))


def is_agency_id(text: str) -> bool:
    """Tell whether a text could be an agency's id at all, so that nothing else is looked up."""
    return re.search(_AGENCY_ID, text) is not None


def sandbox_of(agency_id: str) -> str:
    """Return the name under which a sandbox key's exercises are kept: no agency can have it."""
    return f"{_SANDBOX}{agency_id}"


def is_sandbox(name: str) -> bool:
    """Tell whether a name, or a key that begins with it, is of exercises of a sandbox key."""
    return name.startswith(_SANDBOX)


def agency_of_sandbox(name: str) -> str:
    """Return the agency whose settings hold for a name of a sandbox, or of its own."""
    return name.removeprefix(_SANDBOX)


def party_name(party_id: str) -> str:
    """Return a party's id as keys and logs have it: never a phone or an email.

    Six hex digits tell the parties of an incident apart, and fit hundreds of phones each.
    """
    if not _LIKE_AN_ADDRESS.fullmatch(party_id):
        return party_id
    return f"party-{hashlib.sha256(party_id.encode()).hexdigest()[:6]}"


def recipient_name(party_id: str, followed_from: str = "") -> str:
    """Return what a notification's recipient is called: a party, or a party of another incident behind its number.

    A `/` stands between the two and nowhere else, so that no two people have one name.
    """
    parts = (followed_from, party_id) if followed_from else (party_id,)
    return "/".join(part.replace("%", "%25").replace("/", "%2F") for part in parts)


def _joined(parts: tuple[str, ...]) -> bytes:
    """Join parts, none of which holds a control character, so that they come apart again."""
    return "\0".join(parts).encode()


def _escape(part: str) -> str:
    return re.sub(r"[^A-Za-z0-9-]", lambda match: "".join(f"_{byte:02x}" for byte in match[0].encode()), part)


def _unescape(part: str) -> str:
    return re.sub(rb"_([0-9a-f]{2})", lambda match: bytes.fromhex(match[1].decode()), part.encode()).decode()
