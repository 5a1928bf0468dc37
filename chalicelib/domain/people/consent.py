"""Consent: which people may be written to, and the unsubscribe link in emails.

The link needs nothing stored. It carries the keyed hash under which the person is stored anyway, and a signature.
So only a reader of a person's email can opt that person out.
"""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable
from datetime import datetime
from typing import Literal

from msgspec import Struct

from chalicelib.domain.names import is_agency_id
from chalicelib.domain.people.contact import OptOutScope

ConsentSource = Literal["reply", "email_link", "provider", "command"]
"""The source of a person's choice: a text, an email's link, a provider's event or list, or our staff by a command."""

_HASH, _SIGNATURE = 32, 12
"""Bytes of a contact's keyed hash, and of the signature over it: 96 bits."""


class Reference(Struct, frozen=True):
    """A person as contacts are stored, without the address: a keyed hash in hex."""

    keyed_hash: str


Address = str | Reference
"""A phone, an email, or the keyed hash of one."""


class Consent(Struct, frozen=True):
    """One choice about consent, as it was made; `opted_out` held from then on."""

    opted_out: OptOutScope | None
    words: str
    source: ConsentSource = "provider"
    author: str = ""
    at: datetime | None = None


class Person(Struct, frozen=True):
    """The person that an unsubscribe link is for."""

    agency_id: str
    reference: Reference


def unsubscribe_token(secret: bytes, person: Person) -> str:
    """Return the token of a person's unsubscribe link: the same in each email, and without the address."""
    return f"{person.agency_id}.{_word(bytes.fromhex(person.reference.keyed_hash))}.{_word(_sign(secret, person))}"


def read_unsubscribe(secret: bytes, token: str) -> Person | None:
    """Return the person that a link is for, or None for a link that we did not write."""
    agency_id, *rest = token.split(".")
    if not is_agency_id(agency_id) or len(rest) != len(("hash", "signature")):
        return None
    keyed_hash, signature = map(_read, rest)
    if len(keyed_hash) != _HASH:
        return None
    person = Person(agency_id, Reference(keyed_hash.hex()))
    return person if hmac.compare_digest(signature, _sign(secret, person)) else None


def last_wish(history: Iterable[Consent]) -> Consent | None:
    """Return a person's last word about consent, of words in their order; a bounce is no word of theirs."""
    wishes = [word for word in history if word.opted_out is not OptOutScope.ADDRESS]
    return wishes[-1] if wishes else None


def widest(known: OptOutScope | None, asked: OptOutScope) -> OptOutScope:
    """Return the wider of a known and a new opt-out, so that a new one never allows more than before."""
    return OptOutScope.ALL if OptOutScope.ALL in (known, asked) else asked


def _sign(secret: bytes, person: Person) -> bytes:
    return hmac.digest(secret, f"{person.agency_id}.{person.reference.keyed_hash}".encode(), "sha256")[:_SIGNATURE]


def _word(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode().rstrip("=")


def _read(word: str) -> bytes:
    try:
        return urlsafe_b64decode(word + "=" * (-len(word) % 4))
    except ValueError:
        return b""
