"""Look in the tables whether everything is found: the index of what is recent, people's calls, and the list.

After each kill the index and the list are looked at, and at the end of the day people's calls too: that takes a read
for each address.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from chalicelib.aws.stores.again import place_of
from chalicelib.aws.stores.recent import read_recent
from chalicelib.aws.tables import IncidentItem
from chalicelib.insight.records.index import index
from chalicelib.wiring import Aws

A_DAY = timedelta(days=1)


def not_found(aws: Aws, agency_id: str, now: datetime, *, people: bool) -> Iterator[str]:
    """Yield what is not found as it stands."""
    wrong = sum(step.wrong for step in index(aws, now, check=True, people=people))
    if wrong:
        yield f"{agency_id} at {now:%H:%M}: {wrong} items are not in their places"
    stored = {read_recent(item) for item in _items(aws) if place_of(item, None)}
    differ = stored ^ {*aws.recent.all_of(agency_id, now - A_DAY, now + A_DAY)}
    if differ:
        yield f"{agency_id} at {now:%H:%M}: {len(differ)} entries of the index are not what the table has"


def _items(aws: Aws) -> Iterator[IncidentItem]:
    pk = sk = ""
    while page := aws.items_again.page(pk, sk):
        yield from page
        pk, sk = page[-1].pk, page[-1].sk
