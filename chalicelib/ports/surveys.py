"""Surveys, their comments, cards and text codes, as the flows need them stored."""

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from chalicelib.domain.surveys.card import Card
from chalicelib.domain.surveys.comment_release import CommentList, Listed
from chalicelib.domain.surveys.survey import Survey


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


class Comments(Protocol):
    """Comments by list, as the flows need them; who decides on them asks the store for more."""

    def page(self, agency_id: str, which: CommentList, most: int, after: str = "") -> tuple[tuple[Listed, ...], str]:
        """Return some of a list, the oldest day first, and the place to go on from, or ""."""

    def change(self, agency_id: str, anew: Iterable[Listed], gone: Iterable[str], until: datetime | None) -> None:
        """Put what is new on the list of what nobody has read, then take what is gone, by its places, off all others.

        Doing it twice does it once. `until` is how long a list keeps it; None: for as long as it is there.
        """
