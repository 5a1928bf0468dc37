"""Everything that the tables hold for the lake, by a scan: for a day that is written again, not for a flow."""

from collections.abc import Callable, Iterator

from chalicelib.aws.document import UNREADABLE
from chalicelib.aws.stream import read_item
from chalicelib.aws.tables import ContactItem, IncidentItem, SurveyItem
from chalicelib.domain.lake.rows import Changed


def scan(
    items: type[IncidentItem] | type[ContactItem] | type[SurveyItem], leave_out: Callable[[str], None]
) -> Iterator[Changed]:
    """Return what each item says, one page in memory at a time; no order is promised.

    An item that nobody can read is left out by its keys, and does not stop the others.
    """
    for item in items.scan():
        if not item.document:
            continue
        sort_key = None if isinstance(item, SurveyItem) else item.sk
        version = item.version if isinstance(item, IncidentItem) else None
        try:
            changed = read_item(item.pk, sort_key, int(version or 0), item.document)
        except UNREADABLE:
            leave_out(f"{item.pk} {sort_key or ''}".rstrip())
            continue
        if changed is not None:
            yield changed
