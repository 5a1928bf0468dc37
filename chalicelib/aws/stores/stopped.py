"""Who said STOP to everything, by agency and keyed hash: our list and a provider's are compared without a search.

An entry is written with the word that counts, in its transaction. Whoever reads it looks at the person's own words.
"""

from collections.abc import Iterator

from pynamodb.transactions import TransactWrite

from chalicelib.aws.tables import PROFILE, STOPPED, Add, ContactItem
from chalicelib.domain.people.consent import Reference
from chalicelib.domain.people.contact import OptOutScope


class Stopped:
    """The entries, in the table of contacts."""

    def __init__(self, items: type[ContactItem]) -> None:
        self._items = items

    def of(self, agency_id: str) -> Iterator[Reference]:
        """Return who said it, by one Query."""
        yield from (Reference(item.sk) for item in self._items.query(f"{STOPPED}{agency_id}"))

    def writes(self, partition: str, scope: OptOutScope | None) -> Add:
        """Return the write that goes with a choice: an entry, or none any more."""
        item = self.item(partition)

        def add(transaction: TransactWrite) -> None:
            if scope is OptOutScope.ALL:
                transaction.save(item)
            else:
                transaction.delete(item)

        return add

    def item(self, partition: str) -> ContactItem:
        """Return the entry of a person; an agency's id holds no `#`."""
        agency_id, keyed_hash = partition.split("#", 1)
        return self._items(f"{STOPPED}{agency_id}", keyed_hash)

    def lacks(self, partition: str) -> bool:
        """Tell whether a person said STOP to everything and is not among them: a release before heard it."""
        profile = self._get(partition, PROFILE)
        if profile is None or profile.opted_out != OptOutScope.ALL.value:
            return False
        item = self.item(partition)
        return self._get(item.pk, item.sk) is None

    def _get(self, pk: str, sk: str) -> ContactItem | None:
        try:
            return self._items.get(pk, sk, consistent_read=True)
        except self._items.DoesNotExist:
            return None
