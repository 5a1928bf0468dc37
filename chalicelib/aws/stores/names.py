"""Names of incidents: items that lead from a place to the incident that bears that name.

An id leads to one incident. Several may bear a number one after another, so each has an item of its own there. The item
lies in the partition of the place: whoever reads the incident of that key finds it without another read.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime

from pynamodb.transactions import TransactWrite

from chalicelib.aws.document import decode, encode
from chalicelib.aws.tables import INCIDENT, NAME, Add, IncidentItem, incident_pk, still_at
from chalicelib.domain.incidents.leading import LONGER, Name
from chalicelib.domain.incidents.places import is_id
from chalicelib.domain.names import IncidentKey
from chalicelib.domain.notifications.record import IncidentChange


def name_writes(items: type[IncidentItem], change: IncidentChange) -> Iterator[Add]:
    """Yield the writes that let places lead to a changed incident, each with what must hold still."""
    key = change.incident.key
    until = change.keep_until + LONGER if change.keep_until else None
    for name in change.names:
        if name.place != key.incident_number:
            yield _lead(items, key, name, until)
            if name.version is not None:
                yield _unmoved(items, key, name.place, name.version)
        elif is_id(name.place):
            yield _led_nowhere_else(items, key, name)


def read_names(found: Iterable[IncidentItem]) -> dict[str, datetime | None]:
    """Return the keys to which a partition's names lead, each with the time at which the name expires."""
    return {decode(item.document, str): item.expires for item in found if item.sk.startswith(NAME)}


def _lead(items: type[IncidentItem], key: IncidentKey, name: Name, until: datetime | None) -> Add:
    pk, document = incident_pk(IncidentKey(key.agency_id, name.place)), encode(key.incident_number)
    place = items.document
    unmoved = None
    sk = f"{NAME}#{key.incident_number}"
    if is_id(name.place):
        sk = NAME
        unmoved = place.does_not_exist() | place.is_in(document, encode(name.before))
    return lambda transaction: transaction.save(items(pk, sk, document=document, expires=until), unmoved)


def _unmoved(items: type[IncidentItem], key: IncidentKey, place: str, version: int) -> Add:
    """Return the condition that the incident whose key the place is has not moved, or is not there still."""
    pk = incident_pk(IncidentKey(key.agency_id, place))

    def add(transaction: TransactWrite) -> None:
        transaction.condition_check(items, pk, INCIDENT, condition=still_at(items, version))

    return add


def _led_nowhere_else(items: type[IncidentItem], key: IncidentKey, name: Name) -> Add:
    """Return the condition that the id which is an incident's key does not lead to another one."""
    place = items.document
    unmoved = place.does_not_exist() | (place == encode(name.before))

    def add(transaction: TransactWrite) -> None:
        transaction.condition_check(items, incident_pk(key), NAME, condition=unmoved)

    return add
