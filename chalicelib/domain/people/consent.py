"""Who may be written to: what people said about it, and the link by which an email's reader says it.

The link needs nothing stored: it carries the keyed hash under which a person is known anyway, and a
signature, so that nobody can opt out whom they do not hold an email of.
"""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime
from typing import Literal

from msgspec import Struct

from chalicelib.domain.names import is_agency_id
from chalicelib.domain.people.contact import OptOutScope

ConsentSource = Literal["reply", "email_link", "provider", "command"]
"""Where a word about consent came from: a text, the link in an email, a provider's event or list, a person of ours."""

_HASH, _SIGNATURE = 32, 12
"""Bytes of a contact's keyed hash, and of the signature over it: 96 bits."""


class Reference(Struct, frozen=True):
    """A person as the contacts know them, without the address: a keyed hash in hex."""

    keyed_hash: str


Address = str | Reference
"""A phone or an email, or the keyed hash that stands for one."""


class Consent(Struct, frozen=True):
    """One word about consent, as it was said; `opted_out` is what held from then on."""

    opted_out: OptOutScope | None
    words: str
    source: ConsentSource = "provider"
    author: str = ""
    at: datetime | None = None


class Person(Struct, frozen=True):
    """Whom an unsubscribe link is about."""

    agency_id: str
    reference: Reference


def unsubscribe_token(secret: bytes, person: Person) -> str:
    """Return the word in a person's unsubscribe link: the same in each email, and without the address."""
    return f"{person.agency_id}.{_word(bytes.fromhex(person.reference.keyed_hash))}.{_word(_sign(secret, person))}"


def read_unsubscribe(secret: bytes, token: str) -> Person | None:
    """Return whom a link is about, or None for one that we did not write."""
    agency_id, *rest = token.split(".")
    if not is_agency_id(agency_id) or len(rest) != len(("hash", "signature")):
        return None
    keyed_hash, signature = map(_read, rest)
    if len(keyed_hash) != _HASH:
        return None
    person = Person(agency_id, Reference(keyed_hash.hex()))
    return person if hmac.compare_digest(signature, _sign(secret, person)) else None


def widest(known: OptOutScope | None, asked: OptOutScope) -> OptOutScope:
    """Return what holds when somebody opts out of something more: never less than before."""
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
