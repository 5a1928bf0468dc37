"""The list of agencies, in the table of settings: a name is written with each publication, and read by one Query.

A release before knows no list. So the whole table is read once a day, and what that finds is added: after an upgrade,
or after a roll-back, an agency is known at most a day later, and all others at once.
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta

from pynamodb.exceptions import UpdateError

from chalicelib.aws.tables import AGENCIES, CURRENT, SettingsItem, instant, read_instant

_NAMED = "agency#"
_COMPARED = "compared"
COMPARED_FOR = timedelta(days=1)


class AgencyList:
    """The names of the agencies that have settings."""

    def __init__(self, items: type[SettingsItem], clock: Callable[[], datetime]) -> None:
        self._items, self._clock = items, clock

    def item(self, agency_id: str) -> SettingsItem:
        """Return the item that lists an agency."""
        return self._items(AGENCIES, f"{_NAMED}{agency_id}")

    def names(self) -> list[str]:
        """Return every agency, in order; once a day by a scan, which adds what the list lacks."""
        found, at = {item.sk: item for item in self._items.query(AGENCIES)}, self._clock()
        compared = found.pop(_COMPARED, None)
        listed = {name.removeprefix(_NAMED) for name in found}
        if compared and compared.published_at and at - read_instant(compared.published_at) < COMPARED_FOR:
            return sorted(listed)
        there = {item.pk for item in self._items.scan(self._items.sk == CURRENT)}
        with suppress(UpdateError):  # whoever may only read is told all the same
            for item in (*map(self.item, sorted(there - listed)), self._items(AGENCIES, _COMPARED)):
                item.update([self._items.published_at.set(instant(at))])
        return sorted(there)
