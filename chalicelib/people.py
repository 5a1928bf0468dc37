"""What the flows need to know of people: what they asked for, and what they answered."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Protocol

from chalicelib.domain.card import Card
from chalicelib.domain.consent import Address, ConsentSource, Reference
from chalicelib.domain.contact import Contact, OptOutScope
from chalicelib.domain.follow_up import Desk, FollowUp
from chalicelib.domain.reply import Answered, Reply
from chalicelib.domain.survey import Survey


class Contacts(Protocol):
    """People behind phones and emails, known by a keyed hash only."""

    def load(self, agency_id: str, address: Address, day: date) -> Contact:
        """Read what is known, with the count of that day."""

    def reference(self, address: str) -> Reference:
        """Return the keyed hash under which a person is known, for a link that does not have the address."""

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

    def keep_reply(self, agency_id: str, reply: Reply, keep_until: datetime | None) -> None:
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


class Surveys(Protocol):
    """Surveys by the hash of their token."""

    def load(self, token_hash: str) -> Survey | None:
        """Read a survey."""

    def put(self, survey: Survey) -> Survey:
        """Write a survey over the version that it was read as, and return it with its new version; Conflict."""

    def card(self, token_hash: str) -> Card | None:
        """Read a card."""

    def keep_card(self, card: Card) -> None:
        """Keep a new card."""

    def begin(self, card: Card, survey: Survey) -> None:
        """Count one use of a card and keep the survey that it begins, if it has not begun; CardSpent, Conflict."""

    def has_code(self, code_hash: str, now: datetime) -> bool:
        """Tell whether a text with this code went out, and not too long ago."""

    def wrong_codes(self, agency_id: str, now: datetime) -> int:
        """Return how many wrong codes an agency's page was given in this minute."""

    def note_wrong_code(self, agency_id: str, now: datetime) -> None:
        """Count a wrong code."""


class FollowUps(Protocol):
    """What somebody must look at because of an answer, by desk."""

    def keep(self, one: FollowUp, keep_until: datetime | None) -> bool:
        """Keep it, or its newest words where it is known and waits still; return whether it was new."""

    def withdraw(self, agency_id: str, desk: Desk, name: str) -> None:
        """Take away what a desk must not see any more."""

    def of(self, agency_id: str, desk: Desk) -> Iterable[FollowUp]:
        """Return all that a desk was given, oldest first: for people who look, not for a flow."""

    def answer(self, agency_id: str, desk: Desk, name: str, at: datetime, by: str, note: str) -> bool:
        """Note that somebody saw to it; return whether there was such a one, still waiting."""


class Desks(Protocol):
    """Who is told at once."""

    def tell(self, one: FollowUp) -> None:
        """Tell a desk's topic of something new to look at, without anybody's words; NotTold."""
