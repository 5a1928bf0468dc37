"""The values that nobody has judged, and the drafts of judgements, as flows and people need them stored."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from chalicelib.domain.desk.judging import Draft
from chalicelib.domain.desk.unjudged import Came, Heard


class Judging(Protocol):
    """Values to judge, and what people drafted."""

    def came(self, agency_id: str, heard: Sequence[Heard], batch: str, at: datetime) -> None:
        """Count values of one batch; the same batch counts once."""

    def values(self, agency_id: str) -> Sequence[Came]:
        """Return the values that came, by one Query."""

    def drafts(self, agency_id: str) -> Sequence[Draft]:
        """Return the drafts, by one consistent Query."""

    def draft(self, agency_id: str, draft: Draft) -> Draft:
        """Write a draft over the one that it was read as; Conflict."""
