"""Updates that could not be taken, kept beside the incidents under the same key of the agency's."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any, Protocol

from msgspec import Raw, Struct

from chalicelib.aws.document import UNREADABLE, decode, encode, plain
from chalicelib.aws.tables import IncidentItem, instant

Until = Callable[[str | None], datetime | None]
"""When what is kept of an incident may expire, by its number; it may be under a legal hold."""


class Numbered(Protocol):
    """Why an update was rejected, and of which incident it was."""

    @property
    def incident_number(self) -> str | None:
        """Return the incident's number, if it could be read."""


Entry = tuple[Numbered, Any]


class _Why(Struct, frozen=True):
    """What is read of a rejection: why it was one."""

    error: str = ""


class RejectTable:
    """Rejected updates in DynamoDB. No agency's id starts with `!`, so no incident is in the way."""

    def __init__(self, items: type[IncidentItem]) -> None:
        self._items = items

    def keep(self, agency_id: str, source_id: str, at: datetime, entries: Sequence[Entry], until: Until) -> None:
        """Set a webhook's rejected updates aside, an item each, with the errors that were answered."""
        if not entries:
            return
        with self._items.batch_write() as batch:
            for place, entry in enumerate(entries):
                sk = f"{instant(at)}#{source_id}#{place:03}"
                batch.save(
                    self._items(_pk(agency_id), sk, document=encode(entry), expires=until(entry[0].incident_number))
                )

    def newest_errors(self, agency_id: str, most: int) -> Iterator[str]:
        """Yield why the latest updates were not taken, the newest first; one that can't be read is left out."""
        for item in self._items.query(_pk(agency_id), scan_index_forward=False, limit=most):
            with suppress(*UNREADABLE):
                yield decode(item.document, tuple[_Why, Raw])[0].error

    def kept(self, agency_id: str) -> Iterator[str]:
        """Return what was set aside, oldest first, a JSON document an update."""
        for item in self._items.query(_pk(agency_id)):
            yield plain(item.document or "").decode()


def _pk(agency_id: str) -> str:
    return f"!rejected#{agency_id}"
