"""Contacts, as the flows need them: what people asked for, and what they answered."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Protocol

from chalicelib.domain.desk.recent import CallOf
from chalicelib.domain.people.consent import Address, ConsentSource, Reference
from chalicelib.domain.people.contact import Contact, OptOutScope
from chalicelib.domain.people.reply import Answered, Reply


class Protected(Protocol):
    """The agency's own list of employees and people whom it protects."""

    def among(self, agency_id: str, people: Collection[Reference]) -> frozenset[Reference]:
        """Return those on the list."""


class Contacts(Protocol):
    """People behind phones and emails, known by a keyed hash only."""

    @property
    def protected(self) -> Protected:
        """Return the list of those about whom the auditor is told."""

    def load(self, agency_id: str, address: Address, day: date) -> Contact:
        """Read what is known, with the count of that day."""

    def reference(self, address: str) -> Reference:
        """Return the keyed hash under which a person is known, for a link that does not have the address."""

    def calls(self, agency_id: str, address: Address) -> tuple[str, ...]:
        """Return the incidents about which a phone was texted lately, or by which it is silent, the latest first."""

    def incidents_of(
        self, agency_id: str, address: Address, since: datetime | None = None, until: datetime | None = None
    ) -> tuple[CallOf, ...]:
        """Return the calls on which an address ever was, the latest first; some may be gone by now."""

    def opt_out(
        self,
        agency_id: str,
        address: Address,
        scope: OptOutScope,
        at: datetime,
        words: str,
        source: ConsentSource = "provider",
        author: str = "",
    ) -> None:
        """Note that a person wants no more, in their own words; Conflict."""

    def note_bounce(self, agency_id: str, address: str, at: datetime, words: str) -> None:
        """Note that a mailbox takes nothing; what its owner chose stays as it is. Conflict."""

    def opt_in(
        self,
        agency_id: str,
        address: Address,
        at: datetime,
        words: str,
        source: ConsentSource = "provider",
        author: str = "",
    ) -> None:
        """Note that a person wants to hear from us again; Conflict."""

    def heard(self, agency_id: str, message_id: str, keep_until: datetime) -> bool:
        """Note a text from a person by its provider's name; return whether it had been noted before."""

    def keep_reply(self, agency_id: str, reply: Reply, keep_until: datetime | None, *, danger: bool = False) -> None:
        """Keep what a person texted back, for the agency to read; the same text again takes its own place."""

    def answered(self, agency_id: str, address: str) -> tuple[Answered, ...]:
        """Return the answers that a person got lately."""

    def note_answered(
        self,
        agency_id: str,
        address: str,
        before: tuple[Answered, ...],
        now: tuple[Answered, ...],
        keep_until: datetime,
    ) -> None:
        """Write the answers over those that were read; Conflict where somebody else answered."""

    def note_landline(self, agency_id: str, address: str, at: datetime) -> None:
        """Remember that a phone can't get texts; Conflict."""
