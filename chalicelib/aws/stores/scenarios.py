"""Scenarios of an agency in DynamoDB: an item each, in one partition of the table of settings."""

from collections.abc import Callable

from chalicelib.aws.document import UNREADABLE, decode, encode
from chalicelib.aws.stores.left_out import log_left_out
from chalicelib.aws.tables import SCENARIOS, SettingsItem
from chalicelib.domain.desk.scenarios import Kept


class ScenarioTable:
    """The port `Scenarios` over DynamoDB."""

    def __init__(self, items: type[SettingsItem], leave_out: Callable[[str], None] = log_left_out) -> None:
        self._items, self._leave_out = items, leave_out

    def all_of(self, agency_id: str) -> tuple[Kept, ...]:
        """Return an agency's scenarios in the order of their names, by one consistent Query."""
        found = self._items.query(f"{SCENARIOS}{agency_id}", consistent_read=True)
        return tuple(one for item in found if (one := self._read(item)))

    def keep(self, agency_id: str, one: Kept) -> None:
        """Keep a scenario, in the place of what stood under its name."""
        self._items(f"{SCENARIOS}{agency_id}", one.name, document=encode(one)).save()

    def remove(self, agency_id: str, name: str) -> None:
        """Remove a scenario; one that is not there is no error."""
        self._items(f"{SCENARIOS}{agency_id}", name).delete()

    def _read(self, item: SettingsItem) -> Kept | None:
        try:
            return decode(item.document, Kept)
        except UNREADABLE:
            self._leave_out(f"{item.pk} {item.sk}")
            return None
