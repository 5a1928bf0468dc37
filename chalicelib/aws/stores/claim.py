"""The claim of a due row: one transaction over its incident, contact and survey, so that one sender wins."""

from pynamodb.connection import Connection
from pynamodb.exceptions import TransactWriteError
from pynamodb.expressions.condition import Condition
from pynamodb.transactions import TransactWrite

from chalicelib.aws.stores.contacts import ContactTable
from chalicelib.aws.stores.surveys import SurveyTable
from chalicelib.aws.tables import INCIDENT, IncidentItem, as_conflict, incident_pk, still_at
from chalicelib.domain.names import IncidentKey
from chalicelib.domain.notifications.notification import Notification
from chalicelib.domain.notifications.record import Claim


class ClaimWriter:
    """Write claims: the row as being sent, on condition of all that was decided on.

    The conditions are the version of the row, the version of the incident, the contact's wishes and caps, and a new
    survey. Each of them stops the text if it changed since it was read.
    """

    def __init__(
        self, items: type[IncidentItem], contacts: ContactTable, surveys: SurveyTable, connection: Connection
    ) -> None:
        self._items, self._contacts, self._surveys, self._connection = items, contacts, surveys, connection

    def write(self, item: IncidentItem, unchanged: Condition, row: Notification, claim: Claim) -> None:
        """Write a claimed row's item where nothing has changed; Conflict."""
        try:
            with TransactWrite(connection=self._connection) as transaction:
                transaction.save(item, unchanged)
                decided_on = self._items.version == claim.incident_version
                transaction.condition_check(self._items, incident_pk(row.key.incident), INCIDENT, condition=decided_on)
                if claim.beside:
                    self._add_beside(transaction, row, claim.beside)
                self._contacts.add_to_claim(transaction, row, claim)
                for write in self._contacts.attention.writes(row.key.agency_id, claim.attention):
                    write(transaction)
                if claim.survey:
                    self._surveys.add_to_claim(transaction, claim.survey)
                if claim.code and claim.code_until:
                    self._surveys.add_code_to_claim(transaction, claim.code, claim.code_until, row.key)
        except TransactWriteError as error:
            raise as_conflict(error) from error

    def _add_beside(self, transaction: TransactWrite, row: Notification, beside: tuple[str, int]) -> None:
        """Add that nothing came of another call that waits for the same incident."""
        number, version = beside
        pk = incident_pk(IncidentKey(row.key.agency_id, number))
        transaction.condition_check(self._items, pk, INCIDENT, condition=still_at(self._items, version))
