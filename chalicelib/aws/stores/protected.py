"""Whom a look must tell the auditor about: employees of the agency and people whom it protects, by keyed hash.

The list is the agency's own and holds no address. An entry outlives an erasure, as an opt-out does: it protects.
"""

from collections.abc import Collection
from datetime import datetime

from chalicelib.aws.document import decode, encode
from chalicelib.aws.tables import PROTECTED, ContactItem
from chalicelib.domain.people.consent import Reference
from chalicelib.domain.people.protected import Protection

FEW = 5
"""So many people are asked about one by one. The list of an agency with 1,000 names is read in 30 units."""


class Protected:
    """The list, in the table of contacts."""

    def __init__(self, items: type[ContactItem]) -> None:
        self._items = items

    def find(self, agency_id: str, person: Reference) -> Protection | None:
        """Return since when a person is on the list, by one Query; None for everybody else."""
        place = f"{PROTECTED}{agency_id}"
        found = self._items.query(place, self._items.sk == person.keyed_hash, consistent_read=True)
        return next((decode(item.document, Protection) for item in found), None)

    def among(self, agency_id: str, people: Collection[Reference]) -> frozenset[Reference]:
        """Return those on the list: by one Query each for a few people, for more by one read of the list."""
        if len(people) <= FEW:
            return frozenset(one for one in people if self.find(agency_id, one))
        return frozenset(person for person, _ in self.of(agency_id)) & frozenset(people)

    def of(self, agency_id: str) -> tuple[tuple[Reference, Protection], ...]:
        """Return the list, in the order of the hashes."""
        found = self._items.query(f"{PROTECTED}{agency_id}")
        return tuple((Reference(item.sk), decode(item.document, Protection)) for item in found)

    def put(self, agency_id: str, person: Reference, author: str, at: datetime) -> None:
        """Put a person on the list; one who is there stays as they are."""
        if self.find(agency_id, person) is None:
            item = self._items(f"{PROTECTED}{agency_id}", person.keyed_hash, document=encode(Protection(author, at)))
            item.save()

    def remove(self, agency_id: str, person: Reference) -> None:
        """Take a person off the list."""
        self._items(f"{PROTECTED}{agency_id}", person.keyed_hash).delete()
