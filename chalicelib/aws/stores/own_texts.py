"""Texts to people's own phones in DynamoDB: what became of each, for a day, without its phone and its words."""

from datetime import timedelta

from msgspec.structs import replace
from pynamodb.connection import Connection
from pynamodb.exceptions import PutError, TransactWriteError
from pynamodb.transactions import TransactWrite

from chalicelib.aws.document import UNREADABLE, decode, encode
from chalicelib.aws.stores.contacts import ContactTable
from chalicelib.aws.stores.left_out import log_left_out
from chalicelib.aws.tables import (
    INCIDENT,
    ContactItem,
    IncidentItem,
    as_conflict,
    condition_failed,
    incident_pk,
    own_texts_pk,
    save_over,
)
from chalicelib.domain.desk.own_text import OwnText
from chalicelib.ports.conversations import CannedClaim

_KEPT_FOR = timedelta(days=1)


class OwnTextTable:
    """The port `OwnTexts`."""

    def __init__(
        self,
        items: type[ContactItem],
        incidents: type[IncidentItem],
        contacts: ContactTable,
        connection: Connection,
    ) -> None:
        self._items, self._incidents, self._contacts, self._connection = items, incidents, contacts, connection

    def add(self, row: OwnText) -> bool:
        """Keep a new text; False where it is there already."""
        try:
            self._item(row).save(self._items.pk.does_not_exist())
        except PutError as error:
            if condition_failed(error):
                return False
            raise
        return True

    def find(self, agency_id: str, name: str) -> OwnText | None:
        """Return a text by its name, by one consistent Query, which both functions may make; or None."""
        found = self._items.query(own_texts_pk(agency_id), self._items.sk == name, consistent_read=True)
        try:
            return next((decode(item.document, OwnText) for item in found), None)
        except UNREADABLE:
            log_left_out("a text to somebody's own phone")
            return None

    def put(self, row: OwnText) -> OwnText:
        """Write a text over the version that it was read as; Conflict."""
        save_over(self._item(row), self._items.version == row.version)
        return replace(row, version=row.version + 1)

    def claim(self, row: OwnText, claim: CannedClaim) -> OwnText:
        """Write a text as claimed, where the person allows it and no call of theirs has changed; Conflict."""
        try:
            with TransactWrite(connection=self._connection) as transaction:
                transaction.save(self._item(row), condition=self._items.version == row.version)
                self._contacts.add_answer_to_claim(transaction, row.agency_id, claim)
                for incident, version in claim.decided_on:
                    unmoved = self._incidents.version == version
                    transaction.condition_check(self._incidents, incident_pk(incident), INCIDENT, condition=unmoved)
        except TransactWriteError as error:
            raise as_conflict(error) from error
        return replace(row, version=row.version + 1)

    def _item(self, row: OwnText) -> ContactItem:
        """Return the next version of a text as it is stored."""
        written = replace(row, version=row.version + 1)
        return self._items(
            own_texts_pk(row.agency_id),
            row.name,
            version=written.version,
            document=encode(written),
            expires=row.asked_at + _KEPT_FOR,
        )
