"""Whether all that an agency has is in the indexes, and how far the pass has come that puts old items there.

A new agency is searchable from its first settings on: nothing can be stored before them. One that an earlier release
served becomes searchable by that pass, as do those that an earlier release served again after a roll-back.
"""

from datetime import datetime

from msgspec import Struct

from chalicelib.aws.document import decode, encode
from chalicelib.aws.tables import SEARCHABLE, SettingsItem, instant, read_instant
from chalicelib.domain.names import IncidentKey

_PASS = "!searchable"  # noqa: S105  no agency has such a name


class Pass(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A pass over the table of incidents: it goes on behind this item.

    `agencies` were seen so far, and `perhaps_held` are the calls that a person may have to decide on.
    """

    began_at: datetime
    pk: str = ""
    sk: str = ""
    agencies: frozenset[str] = frozenset()
    perhaps_held: frozenset[IncidentKey] = frozenset()


class SearchableTable:
    """The notes, in the table of settings."""

    def __init__(self, items: type[SettingsItem]) -> None:
        self._items = items

    def since(self, agency_id: str) -> datetime | None:
        """Return since when all that an agency has is found, or None."""
        item = self._get(agency_id)
        return read_instant(item.published_at) if item and item.published_at else None

    def note(self, agency_id: str, at: datetime) -> None:
        """Note that all that an agency has is found."""
        self._items(agency_id, SEARCHABLE, published_at=instant(at)).save()

    def forget(self, agency_id: str) -> None:
        """Note that not all that an agency has is found."""
        self._items(agency_id, SEARCHABLE).delete()

    def unfinished(self) -> Pass | None:
        """Return the pass that has not come to the end, or None."""
        item = self._get(_PASS)
        return decode(item.document, Pass) if item and item.document else None

    def note_pass(self, one: Pass | None) -> None:
        """Note how far a pass has come; None: to the end."""
        item = self._items(_PASS, SEARCHABLE)
        if one is None:
            item.delete()
        else:
            item.document = encode(one)
            item.save()

    def _get(self, pk: str) -> SettingsItem | None:
        try:
            return self._items.get(pk, SEARCHABLE, consistent_read=True)
        except self._items.DoesNotExist:
            return None
