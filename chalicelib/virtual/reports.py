"""Released versions of the quarters' reports, in memory."""

from collections.abc import Mapping

from chalicelib.domain.desk.reports import Released
from chalicelib.ports.errors import Conflict


class MemoryReports:
    """The port `Reports`."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], Released] = {}
        self._texts: dict[tuple[str, str, str], str] = {}

    def released(self, agency_id: str) -> list[Released]:
        """Return an agency's released versions, the newest quarter and version first."""
        theirs = [one for (whose, _), one in self._known.items() if whose == agency_id]
        return sorted(theirs, key=lambda one: one.name, reverse=True)

    def text(self, agency_id: str, of: str, language: str) -> str:
        """Return the text of a digest in a language, "" where there is none."""
        return self._texts.get((agency_id, of, language), "")

    def release(self, agency_id: str, released: Released, texts: Mapping[str, str]) -> None:
        """Keep a version with its text by language; Conflict where its number is taken."""
        if (agency_id, released.name) in self._known:
            raise Conflict
        self._known[agency_id, released.name] = released
        self._texts |= {(agency_id, released.of, language): text for language, text in texts.items()}
