"""Legal holds, erasures and the record of who did them, which never expires.

Nothing here is called by a function; it works on whole partitions, an item at a time.
"""

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct
from pynamodb.exceptions import UpdateError

from chalicelib.aws.document import decode, encode, plain
from chalicelib.aws.stores.contacts import ContactTable
from chalicelib.aws.tables import (
    CONSENT,
    INCIDENT,
    PROFILE,
    ContactItem,
    IncidentItem,
    canned_pk,
    condition_failed,
    incident_pk,
    instant,
    replies_pk,
    save_over,
    talk_pk,
    unread_pk,
)
from chalicelib.domain.names import IncidentKey
from chalicelib.domain.people.consent import Address
from chalicelib.domain.phones import clean_email, clean_phone

_STAY = (PROFILE, CONSENT, "silence#")
"""Of a person's partition: what keeps them from being written to. It outlives everything else about them."""


class Audit(Struct, frozen=True, kw_only=True):
    """Somebody did something with records; `about` is an incident's number, or a person by keyed hash."""

    at: datetime
    author: str
    reason: str
    what: str
    about: str


class RecordTable:
    """Partitions as a whole, and the book of who asked for what."""

    def __init__(self, items: type[IncidentItem], people: type[ContactItem], contacts: ContactTable) -> None:
        self._items, self._people, self._contacts = items, people, contacts

    def note(self, agency_id: str, audit: Audit) -> None:
        """Write down who did what, and why, for good."""
        self._items(f"!audit#{agency_id}", f"{instant(audit.at)}#{audit.author}", document=encode(audit)).save()

    def audits(
        self, agency_id: str, since: datetime | None = None, until: datetime | None = None, size: int = 100
    ) -> Iterator[Audit]:
        """Yield who did what from one instant to another, newest first, read `size` at a time."""
        first = instant(since) if since else "0"
        last = f"{instant(until)}~" if until else "~"
        for item in self._items.query(
            f"!audit#{agency_id}", self._items.sk.between(first, last), scan_index_forward=False, page_size=size
        ):
            yield decode(item.document, Audit)

    def keep_rest(self, key: IncidentKey, until: datetime | None) -> None:
        """Let what webhooks said of an incident, and who was shown whom, expire then; None: never."""
        for item in self._items.query(incident_pk(key), self._items.sk < INCIDENT):
            self._expire(item, until)

    def keep_rejected(self, agency_id: str, names: Collection[str], until: datetime | None) -> None:
        """Let the updates that could not be taken, of an incident with these names, expire then; None: never."""
        for item in self._items.query(f"!rejected#{agency_id}"):
            told = _told(item, "[{},{}]")[1]
            if any(told.get(name) in names for name in ("incident_number", "incident_id")):
                self._expire(item, until)

    def keep_replies(self, agency_id: str, keyed_hash: str, until: datetime | None) -> None:
        """Let what a person texted back, and what was answered by hand, expire then; None: never."""
        for item in [*self._replies(agency_id, keyed_hash), *self._people.query(talk_pk(agency_id, keyed_hash))]:
            self._expire(item, until)

    def contact_items(self, agency_id: str, address: Address) -> list[dict[str, Any]]:
        """Return all that is kept of a person by keyed hash, as it is kept."""
        person = self._person(agency_id, address)
        talk = self._people.query(talk_pk(agency_id, person.removeprefix(f"{agency_id}#")))
        found = [*self._people.query(person), *talk]
        return [{name: value for name, value in item.attribute_values.items() if name != "pk"} for item in found]

    def forget_contact(self, agency_id: str, address: Address) -> int:
        """Delete what is kept of a person, but for what keeps them from being written to; return how many items."""
        person = self._person(agency_id, address)
        found = [item for item in self._people.query(person) if not item.sk.startswith(_STAY)]
        keyed_hash = person.removeprefix(f"{agency_id}#")
        found += [*self._replies(agency_id, keyed_hash), *self._people.query(talk_pk(agency_id, keyed_hash))]
        found += [item for item in self._people.query(unread_pk(agency_id)) if item.sk.endswith(f"#{keyed_hash}")]
        found += self._people.query(canned_pk(agency_id), self._people.sk.startswith(f"{keyed_hash}#"))
        for item in found:
            item.delete()
        return len(found)

    def forget_in(self, key: IncidentKey, addresses: Collection[str]) -> None:
        """Take a person's addresses out of all that is kept of an incident; Conflict."""
        for item in self._items.query(incident_pk(key), consistent_read=True):
            told = _told(item, "null")
            kept = without(told, addresses)
            if kept != told:
                self._rewrite(item, kept)

    def forget_rejected(self, agency_id: str, addresses: Collection[str], country: str) -> int:
        """Delete updates that could not be taken and name a person; return how many."""
        found = [
            item
            for item in self._items.query(f"!rejected#{agency_id}")
            if _named(_told(item, "[{},{}]")[1], country) & set(addresses)
        ]
        for item in found:
            item.delete()
        return len(found)

    def _rewrite(self, item: IncidentItem, kept: Any) -> None:
        """Write an item over itself with a new version, so that whoever read it before looks again."""
        before = item.version
        if before is not None:
            item.version = before + 1
            if "version" in kept:
                kept["version"] = int(before) + 1
        item.document = encode(kept)
        unmoved = self._items.version == before if before is not None else self._items.version.does_not_exist()
        save_over(item, unmoved)

    def _expire(self, item: IncidentItem | ContactItem, until: datetime | None) -> None:
        """Set when an item expires, if it is still there: nothing is brought back as an empty shell."""
        place = type(item).expires
        try:
            item.update([place.set(until) if until else place.remove()], condition=type(item).pk.exists())
        except UpdateError as error:
            if not condition_failed(error):
                raise

    def _replies(self, agency_id: str, keyed_hash: str) -> list[ContactItem]:
        found = self._people.query(replies_pk(agency_id))
        return [item for item in found if item.sk.endswith(f"#{keyed_hash}")]

    def _person(self, agency_id: str, address: Address) -> str:
        return self._contacts.partition(agency_id, address)


def _told(item: IncidentItem, nothing: str) -> Any:
    return msgspec.json.decode(plain(item.document or nothing))


def without(told: Any, addresses: Collection[str]) -> Any:
    """Return a document without somebody's addresses: a phone is blacked out, a list gets shorter, a text empty."""
    if isinstance(told, dict):
        if told.get("number") in addresses and told.keys() <= {"number", "problem"}:
            return {"problem": "phone_redacted"}
        return {name: without(value, addresses) for name, value in told.items()}
    if isinstance(told, list):
        return [without(item, addresses) for item in told if not (isinstance(item, str) and item in addresses)]
    return "" if isinstance(told, str) and told in addresses else told


def _named(update: dict[str, Any], country: str) -> set[str]:
    """Return the addresses in an update that could not be taken, written as ours are."""
    parties = update.get("reporting_parties")
    found: set[str | None] = set()
    for party in parties if isinstance(parties, list) else ():
        told = party if isinstance(party, dict) else {}
        if isinstance(told.get("phone"), str):
            found.add(clean_phone(told["phone"], country).number)
        if isinstance(told.get("email"), str):
            found.add(clean_email(told["email"]))
    return {address for address in found if address}
