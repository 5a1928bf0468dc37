"""Released versions of the quarters' reports, as people at the desk need them stored."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from chalicelib.domain.desk.reports import Released


class Reports(Protocol):
    """Versions that two people released: each is written once, and stays."""

    def released(self, agency_id: str) -> Sequence[Released]:
        """Return an agency's released versions, the newest quarter and version first; by one Query."""

    def text(self, agency_id: str, of: str, language: str) -> str:
        """Return the text of a digest in a language, "" where there is none."""

    def release(self, agency_id: str, released: Released, texts: Mapping[str, str]) -> None:
        """Keep a version with its text by language; Conflict where its number is taken."""
