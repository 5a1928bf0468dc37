"""Drafts of settings in DynamoDB: what is known of each in one partition, their texts apart, under their digests.

So a list of drafts costs a kilobyte for each, however long the texts are. One partition of the whole deployment names
the drafts that have a time: the desk's function asks for it each minute, and an empty Query is half a unit.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from msgspec.structs import replace
from pynamodb.expressions.update import Action

from chalicelib.aws.document import UNREADABLE, decode, encode
from chalicelib.aws.stores.drafted import write_over
from chalicelib.aws.stores.left_out import log_left_out
from chalicelib.aws.tables import DRAFT_TEXTS, DRAFTS, SCHEDULED, SettingsItem
from chalicelib.domain.desk.drafts import LATEST, Draft
from chalicelib.domain.settings.source import text_digest

DRAFT_FOR = timedelta(days=92)
TEXT_FOR = timedelta(days=400)
"""How long a draft stays after it was last written, and its text: longer than any draft of it."""

LOOKED_AT_FOR = timedelta(days=8)
"""How long after its time a draft is looked at, whatever became of it: longer than a publication is tried, so that
somebody is told of one that never succeeded, also after days on which nothing ran."""


class DraftTable:
    """The port `Drafts` over DynamoDB."""

    def __init__(
        self,
        items: type[SettingsItem],
        clock: Callable[[], datetime],
        leave_out: Callable[[str], None] = log_left_out,
    ) -> None:
        self._items, self._clock, self._leave_out = items, clock, leave_out

    def all_of(self, agency_id: str) -> tuple[Draft, ...]:
        """Return an agency's drafts, by one consistent Query."""
        found = self._items.query(f"{DRAFTS}{agency_id}", consistent_read=True)
        return tuple(draft for item in found if (draft := self._read(item)))

    def find(self, agency_id: str, draft_id: str) -> Draft | None:
        """Return a draft by one consistent read, or None."""
        item = self._items.find(f"{DRAFTS}{agency_id}", draft_id)
        return self._read(item) if item else None

    def write(self, agency_id: str, draft: Draft) -> Draft:
        """Write a draft over the one that it was read as; Conflict."""
        written = replace(draft, number=draft.number + 1)
        expires = draft.at + DRAFT_FOR + (LATEST if draft.publish_at else timedelta())
        write_over(self._items(f"{DRAFTS}{agency_id}", draft.id), written, draft.number, expires)
        return written

    def keep_text(self, agency_id: str, text: str, at: datetime) -> str:
        """Keep a text, and return its digest."""
        digest, items = text_digest(text), self._items
        actions: list[Action] = [items.document.set(encode(text)), items.expires.set(at + TEXT_FOR)]
        items(f"{DRAFT_TEXTS}{agency_id}", digest).update(actions)
        return digest

    def text(self, agency_id: str, digest: str) -> str | None:
        """Return a text by its digest, or None."""
        item = self._items.find(f"{DRAFT_TEXTS}{agency_id}", digest)
        try:
            return decode(item.document, str) if item else None
        except UNREADABLE:
            self._leave_out(f"{DRAFT_TEXTS}{agency_id} {digest}")
            return None

    def mark(self, agency_id: str, draft_id: str, publish_at: datetime) -> None:
        """Let a draft be looked at from an instant on; a later mark takes the place of the one before."""
        items = self._items
        actions: list[Action] = [
            items.document.set(encode(publish_at)),
            items.expires.set(publish_at + LOOKED_AT_FOR),
        ]
        items(SCHEDULED, f"{agency_id}#{draft_id}").update(actions)

    def due(self, now: datetime) -> tuple[tuple[str, str], ...]:
        """Return the agency and the name of each draft that must be looked at, by one Query."""
        found = self._items.query(SCHEDULED)
        return tuple(_named(item) for item in found if not self._expired(item) and self._is_due(item, now))

    def _is_due(self, item: SettingsItem, now: datetime) -> bool:
        try:
            return decode(item.document, datetime) <= now
        except UNREADABLE:
            self._leave_out(f"{item.pk} {item.sk}")
            return False

    def _expired(self, item: SettingsItem) -> bool:
        return item.expires is not None and item.expires <= self._clock()

    def _read(self, item: SettingsItem) -> Draft | None:
        if self._expired(item):
            return None
        try:
            return decode(item.document, Draft)
        except UNREADABLE:
            self._leave_out(f"{item.pk} {item.sk}")
            return None


def _named(item: SettingsItem) -> tuple[str, str]:
    agency_id, _, draft_id = item.sk.partition("#")
    return agency_id, draft_id
