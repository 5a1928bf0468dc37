"""Conversations, as the flows and the desk need them stored: what people texted, who has seen it, and the answers."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Protocol

from msgspec import Struct

from chalicelib.domain.names import IncidentKey
from chalicelib.domain.people.canned import Canned, CannedKey
from chalicelib.domain.people.reply import KeptReply


class Exchange(Struct, frozen=True):
    """What one person texted lately, the first first, and what was answered by hand."""

    replies: tuple[KeptReply, ...] = ()
    answers: Mapping[CannedKey, Canned] = {}


class RepliesPage(Struct, frozen=True):
    """Replies of all people, the latest first; `after` asks for what comes next, and is "" at the end."""

    found: tuple[KeptReply, ...]
    after: str = ""


class Unread(Struct, frozen=True, order=True):
    """A reply that nobody has seen, and from when on it waits for somebody."""

    since: datetime
    reply_at: datetime
    keyed_hash: str


class CannedClaim(Struct, frozen=True, kw_only=True):
    """The conditions that must hold when an answer is claimed, and the count that the same transaction adds.

    `decided_on` are the calls with the versions that were read. `elsewhere` are the person's other addresses.
    """

    phone: str
    elsewhere: frozenset[str]
    decided_on: Sequence[tuple[IncidentKey, int]]
    at: datetime
    day: date
    cap: int
    counts: bool


class Conversations(Protocol):
    """Conversations by text."""

    def begin(self, agency_id: str, kept: KeptReply, keep_until: datetime | None, waits_from: datetime | None) -> None:
        """Put a kept reply into its person's conversation; with an instant it is unread, and waits from then on.

        The same reply again changes nothing, not even who has seen it.
        """

    def page(self, agency_id: str, most: int, after: str = "") -> RepliesPage:
        """Return replies of all people, the latest first."""

    def of(self, agency_id: str, keyed_hash: str, most: int, also: datetime | None = None) -> Exchange:
        """Return the latest replies of one person and the answers; `also` is a reply from before it was on."""

    def reply(self, agency_id: str, keyed_hash: str, at: datetime) -> KeptReply | None:
        """Return one reply; None where there is none."""

    def unread(self, agency_id: str, most: int) -> tuple[Unread, ...]:
        """Return replies that nobody has seen, the first first."""

    def see(self, agency_id: str, keyed_hash: str, replies: Iterable[datetime], by: str, at: datetime) -> int:
        """Note that somebody has seen replies; return how many nobody had seen before."""

    def add(self, row: Canned) -> bool:
        """Keep a new answer; False where it is there already."""

    def keep(self, row: Canned) -> None:
        """Keep an answer that is finished, by one write; it is due no more."""

    def answers(self, agency_id: str, keyed_hash: str, since: datetime) -> tuple[Canned, ...]:
        """Return the answers to what one person texted since an instant, by one read."""

    def put(self, row: Canned) -> Canned:
        """Write an answer over the version that it was read as; Conflict."""

    def claim(self, row: Canned, claim: CannedClaim) -> Canned:
        """Write an answer as claimed in one transaction; Conflict where anything that it was decided on has changed."""

    def due(self, agency_id: str, until: datetime) -> Iterable[tuple[CannedKey, datetime]]:
        """Return each answer that must be looked at by then, with the instant."""
