"""Drafts of settings, in memory."""

from datetime import datetime

from msgspec.structs import replace

from chalicelib.domain.desk.drafts import Draft
from chalicelib.domain.settings.source import text_digest
from chalicelib.ports.errors import Conflict


class MemoryDrafts:
    """The port `Drafts`; nothing in memory expires."""

    def __init__(self) -> None:
        self._drafts: dict[tuple[str, str], Draft] = {}
        self._texts: dict[tuple[str, str], str] = {}
        self._marks: dict[tuple[str, str], datetime] = {}

    def all_of(self, agency_id: str) -> tuple[Draft, ...]:
        """Return an agency's drafts."""
        return tuple(one for (whose, _), one in self._drafts.items() if whose == agency_id)

    def find(self, agency_id: str, draft_id: str) -> Draft | None:
        """Return a draft, or None."""
        return self._drafts.get((agency_id, draft_id))

    def write(self, agency_id: str, draft: Draft) -> Draft:
        """Write a draft over the one that it was read as; Conflict."""
        known = self.find(agency_id, draft.id)
        if (known.number if known else 0) != draft.number:
            raise Conflict
        written = replace(draft, number=draft.number + 1)
        self._drafts[agency_id, draft.id] = written
        return written

    def keep_text(self, agency_id: str, text: str, at: datetime) -> str:
        """Keep a text, and return its digest."""
        digest = text_digest(text)
        self._texts[agency_id, digest] = text
        return digest

    def text(self, agency_id: str, digest: str) -> str | None:
        """Return a text by its digest, or None."""
        return self._texts.get((agency_id, digest))

    def mark(self, agency_id: str, draft_id: str, publish_at: datetime) -> None:
        """Let the sweep look at a draft from an instant on."""
        self._marks[agency_id, draft_id] = publish_at

    def due(self, now: datetime) -> tuple[tuple[str, str], ...]:
        """Return the agency and the name of each draft that the sweep must look at."""
        return tuple(place for place, at in self._marks.items() if at <= now)
