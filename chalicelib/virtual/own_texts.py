"""Texts to people's own phones in memory."""

from msgspec.structs import replace

from chalicelib.domain.desk.own_text import OwnText
from chalicelib.domain.people.contact import OptOutScope
from chalicelib.ports.conversations import CannedClaim
from chalicelib.ports.errors import Conflict
from chalicelib.virtual.incidents import MemoryIncidents
from chalicelib.virtual.people import MemoryContacts


class MemoryOwnTexts:
    """The port `OwnTexts`."""

    def __init__(self, contacts: MemoryContacts, incidents: MemoryIncidents) -> None:
        self._contacts, self._incidents = contacts, incidents
        self._rows: dict[tuple[str, str], OwnText] = {}

    def add(self, row: OwnText) -> bool:
        """Keep a new text; False where it is there already."""
        if (row.agency_id, row.name) in self._rows:
            return False
        self._rows[row.agency_id, row.name] = replace(row, version=1)
        return True

    def find(self, agency_id: str, name: str) -> OwnText | None:
        """Return a text by its name, or None."""
        return self._rows.get((agency_id, name))

    def put(self, row: OwnText) -> OwnText:
        """Write a text over the version that it was read as; Conflict."""
        known = self._rows.get((row.agency_id, row.name))
        if known is None or known.version != row.version:
            raise Conflict
        after = replace(row, version=row.version + 1)
        self._rows[row.agency_id, row.name] = after
        return after

    def claim(self, row: OwnText, claim: CannedClaim) -> OwnText:
        """Write a text as claimed; Conflict where anything that it was decided on has changed."""
        contact = self._contacts.load(row.agency_id, claim.phone, claim.day)
        for address in claim.elsewhere:
            contact = contact.also(self._contacts.load(row.agency_id, address, claim.day))
        moved = any(self._incidents.load(one).version != version for one, version in claim.decided_on)
        if moved or contact.bounced or contact.opted_out is OptOutScope.ALL or contact.silent(claim.at):
            raise Conflict
        return self.put(row)
