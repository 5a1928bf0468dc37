"""What keeps a person silent: an incident, or somebody of the agency who said so by hand. Pure."""

from datetime import datetime

from msgspec import Struct

from chalicelib.domain.people.consent import Consent
from chalicelib.domain.people.contact import Contact


class ByHand(Struct, frozen=True, kw_only=True):
    """A silence that somebody of the agency put on a person: until when, by whom, when, and why (a word of a list)."""

    until: datetime
    author: str
    at: datetime
    reason: str = ""


class Silenced(Struct, frozen=True, kw_only=True):
    """One silence that holds; `incident_number` is "" where somebody put it by hand."""

    until: datetime
    incident_number: str = ""
    by_hand: ByHand | None = None


class Kept(Struct, frozen=True, kw_only=True):
    """All that is kept of how a person may be written to: as it stands, each silence, and every word that led to it."""

    contact: Contact
    silences: tuple[Silenced, ...] = ()
    history: tuple[Consent, ...] = ()

    @property
    def by_hand(self) -> ByHand | None:
        """Return the silence that somebody of the agency put on the person, if one holds."""
        return next((one.by_hand for one in self.silences if not one.incident_number), None)
