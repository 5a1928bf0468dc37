"""A signature opens one address, as DynamoDB keeps it."""

from datetime import timedelta
from uuid import uuid4

from chalicelib.aws.stores.signatures import SignatureTable
from chalicelib.aws.tables import IncidentItem
from tests.factories import NOW

LATER = NOW + timedelta(minutes=15)


def test_a_signature_is_good_where_it_was_used_first_and_nowhere_else(tables):
    signatures = SignatureTable(tables.bound[IncidentItem])
    one, other = uuid4().hex, uuid4().hex

    used = [signatures.use(one, address, LATER) for address in ("cad/a", "cad/a", "cad/b", "heartbeat", "cad/a")]

    assert used == [True, True, False, False, True]
    assert signatures.use(other, "cad/b", LATER)
