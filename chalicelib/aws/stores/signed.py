"""Signatures before going live, in DynamoDB: one partition for each agency in the table of settings."""

from collections.abc import Callable

from msgspec.structs import replace

from chalicelib.aws.document import UNREADABLE, decode
from chalicelib.aws.stores.drafted import write_over
from chalicelib.aws.stores.left_out import log_left_out
from chalicelib.aws.tables import SIGNED, SettingsItem
from chalicelib.domain.desk.signed import KEPT_FOR, Signed


class SignedTable:
    """The port `GoLiveSignatures` over DynamoDB. What nobody signs anew is deleted once it does not count any more."""

    def __init__(
        self,
        items: type[SettingsItem],
        leave_out: Callable[[str], None] = log_left_out,
    ) -> None:
        self._items, self._leave_out = items, leave_out

    def all_of(self, agency_id: str) -> dict[str, Signed]:
        """Return an agency's signatures by their names, by one consistent Query."""
        found = self._items.query(f"{SIGNED}{agency_id}", consistent_read=True)
        return {one.name: one for item in found if (one := self._read(item))}

    def write(self, agency_id: str, signed: Signed) -> Signed:
        """Write a signature over the one that it was read as; Conflict."""
        written = replace(signed, number=signed.number + 1)
        item = self._items(f"{SIGNED}{agency_id}", signed.name)
        write_over(item, written, signed.number, signed.at + KEPT_FOR)
        return written

    def _read(self, item: SettingsItem) -> Signed | None:
        try:
            return decode(item.document, Signed)
        except UNREADABLE:
            self._leave_out(f"{item.pk} {item.sk}")
            return None
