"""Texts to somebody's own phone, as the desk and `deliver` need them stored."""

from typing import Protocol

from chalicelib.domain.desk.own_text import OwnText
from chalicelib.ports.conversations import CannedClaim


class OwnTexts(Protocol):
    """What became of each text, for a day; no phone and no words."""

    def add(self, row: OwnText) -> bool:
        """Keep a new text; False where it is there already."""

    def find(self, agency_id: str, name: str) -> OwnText | None:
        """Return a text by its name, or None."""

    def put(self, row: OwnText) -> OwnText:
        """Write a text over the version that it was read as; Conflict."""

    def claim(self, row: OwnText, claim: CannedClaim) -> OwnText:
        """Write a text as claimed in one transaction; Conflict where anything that it was decided on has changed."""
