"""Values that nobody has judged, and drafts of judgements, in memory."""

from collections.abc import Sequence
from datetime import datetime

from msgspec.structs import replace

from chalicelib.domain.desk.judging import Draft
from chalicelib.domain.desk.unjudged import Came, Heard
from chalicelib.ports.errors import Conflict


class MemoryJudging:
    """The port `Judging`; nothing in memory expires."""

    def __init__(self) -> None:
        self._values: dict[tuple[str, str], Came] = {}
        self._drafts: dict[tuple[str, str], Draft] = {}
        self._batches: dict[tuple[str, str], str] = {}

    def came(self, agency_id: str, heard: Sequence[Heard], batch: str, at: datetime) -> None:
        """Count values of one batch; the same batch counts once."""
        for one in heard:
            place = agency_id, one.id
            if self._batches.get(place) == batch:
                continue
            self._batches[place] = batch
            known = self._values.get(place)
            self._values[place] = Came(
                item=one.item,
                calls=(known.calls if known else 0) + len(one.calls),
                since=known.since if known else at,
                heard_at=at,
                examples=tuple(one.shown.values()),
            )

    def values(self, agency_id: str) -> tuple[Came, ...]:
        """Return the values that came."""
        return tuple(one for (whose, _), one in self._values.items() if whose == agency_id)

    def drafts(self, agency_id: str) -> tuple[Draft, ...]:
        """Return the drafts."""
        return tuple(one for (whose, _), one in self._drafts.items() if whose == agency_id)

    def draft(self, agency_id: str, draft: Draft) -> Draft:
        """Write a draft over the one that it was read as; Conflict."""
        known = self._drafts.get((agency_id, draft.id))
        if (known.number if known else 0) != draft.number:
            raise Conflict
        written = replace(draft, number=draft.number + 1)
        self._drafts[agency_id, draft.id] = written
        return written
