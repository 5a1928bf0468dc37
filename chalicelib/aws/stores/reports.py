"""Released versions of the quarters' reports, in DynamoDB: one partition for each agency in the table of settings.

A version is one item and one for each language. They have nobody in them and stay, as published settings do. Texts
come first, under their digest, and the version after: whoever is killed between leaves nothing that is listed.
"""

from collections.abc import Callable, Mapping

from chalicelib.aws.document import UNREADABLE, decode, encode
from chalicelib.aws.stores.left_out import log_left_out
from chalicelib.aws.tables import REPORTS, SettingsItem, save_over
from chalicelib.domain.desk.reports import Released

_VERSION, _TEXT = "version#", "text#"


class ReportTable:
    """The port `Reports`."""

    def __init__(self, items: type[SettingsItem], leave_out: Callable[[str], None] = log_left_out) -> None:
        self._items, self._leave_out = items, leave_out

    def released(self, agency_id: str) -> list[Released]:
        """Return an agency's released versions, the newest quarter and version first, by one consistent Query."""
        found = self._items.query(
            f"{REPORTS}{agency_id}",
            self._items.sk.startswith(_VERSION),
            consistent_read=True,
            scan_index_forward=False,
        )
        return [one for item in found if (one := self._read(item))]

    def text(self, agency_id: str, of: str, language: str) -> str:
        """Return the text of a digest in a language, "" where there is none."""
        item = self._items.find(f"{REPORTS}{agency_id}", f"{_TEXT}{of}#{language}")
        return decode(item.document, str) if item else ""

    def release(self, agency_id: str, released: Released, texts: Mapping[str, str]) -> None:
        """Keep a version with its text by language; Conflict where its number is taken."""
        pk = f"{REPORTS}{agency_id}"
        for language, text in texts.items():
            self._items(pk, f"{_TEXT}{released.of}#{language}", document=encode(text)).save()
        item = self._items(pk, f"{_VERSION}{released.name}", document=encode(released))
        save_over(item, self._items.document.does_not_exist())

    def _read(self, item: SettingsItem) -> Released | None:
        try:
            return decode(item.document, Released)
        except UNREADABLE:
            self._leave_out(f"{item.pk} {item.sk}")
            return None
