"""Drafts of settings, as people at the desk, and what publishes at a time, need them stored."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from chalicelib.domain.desk.drafts import Draft


class Drafts(Protocol):
    """Drafts without their texts, the texts by their digests, and which draft is due when."""

    def all_of(self, agency_id: str) -> Sequence[Draft]:
        """Return an agency's drafts, by one Query."""

    def find(self, agency_id: str, draft_id: str) -> Draft | None:
        """Return a draft by one consistent read, or None."""

    def write(self, agency_id: str, draft: Draft) -> Draft:
        """Write a draft over the one that it was read as; Conflict."""

    def keep_text(self, agency_id: str, text: str, at: datetime) -> str:
        """Keep a text, and return its digest."""

    def text(self, agency_id: str, digest: str) -> str | None:
        """Return a text by its digest, or None."""

    def mark(self, agency_id: str, draft_id: str, publish_at: datetime) -> None:
        """Let a draft be looked at from an instant on."""

    def due(self, now: datetime) -> Sequence[tuple[str, str]]:
        """Return the agency and the name of each draft that must be looked at, by one Query."""
