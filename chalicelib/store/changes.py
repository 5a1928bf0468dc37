"""Everything that the tables hold for the lake, by a scan: for a day that is written again, not for a flow."""

from collections.abc import Iterator

from chalicelib.domain.lake_rows import Changed
from chalicelib.store.stream import read_item
from chalicelib.store.tables import ContactItem, IncidentItem, SurveyItem


def scan(items: type[IncidentItem] | type[ContactItem] | type[SurveyItem]) -> Iterator[Changed]:
    """Return what each item says, one page in memory at a time; no order is promised."""
    for item in items.scan():
        if item.document:
            sort_key = None if isinstance(item, SurveyItem) else item.sk
            version = item.version if isinstance(item, IncidentItem) else None
            changed = read_item(item.pk, sort_key, int(version or 0), item.document)
            if changed is not None:
                yield changed
