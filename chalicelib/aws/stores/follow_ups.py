"""Follow-ups in DynamoDB: each desk has a partition of its own."""

from collections.abc import Iterator
from datetime import datetime

from msgspec.structs import replace
from pynamodb.exceptions import PutError, UpdateError

from chalicelib.aws.document import decode, encode
from chalicelib.aws.tables import ContactItem, as_conflict, condition_failed, follow_ups_pk
from chalicelib.domain.surveys.follow_up import Desk, FollowUp


class FollowUpTable:
    """The port `FollowUps` over DynamoDB, in the table of contacts, which no analyst sees."""

    def __init__(self, items: type[ContactItem]) -> None:
        self._items = items

    def keep(self, one: FollowUp, keep_until: datetime | None) -> bool:
        """Keep it, or its newest words where it is known and waits still; return whether it was new. Conflict."""
        item = self._items(follow_ups_pk(one.agency_id, one.desk), one.id, document=encode(one), expires=keep_until)
        try:
            item.save(self._items.pk.does_not_exist())
        except PutError as error:
            if not condition_failed(error):
                raise as_conflict(error) from error
        else:
            return True
        known, text = self._read(one.agency_id, one.desk, one.id)
        if known and known.answered_at is None:
            newest = replace(one, raised_at=known.raised_at, due_at=known.due_at)
            self._write_over(known, text, newest)
        return False

    def expire(self, one: FollowUp, until: datetime | None) -> None:
        """Let it expire then; None: never. Nothing is brought back as an empty shell."""
        place = self._items.expires
        try:
            self._items(follow_ups_pk(one.agency_id, one.desk), one.id).update(
                [place.set(until) if until else place.remove()], condition=self._items.pk.exists()
            )
        except UpdateError as error:
            if not condition_failed(error):
                raise

    def withdraw(self, agency_id: str, desk: Desk, name: str) -> None:
        """Take away what a desk must not see any more."""
        self._items(follow_ups_pk(agency_id, desk), name).delete()

    def of(self, agency_id: str, desk: Desk) -> Iterator[FollowUp]:
        """Return all that a desk was given, oldest first."""
        found = (decode(item.document, FollowUp) for item in self._items.query(follow_ups_pk(agency_id, desk)))
        yield from sorted(found, key=lambda one: (one.raised_at, one.id))

    def answer(self, agency_id: str, desk: Desk, name: str, at: datetime, by: str, note: str) -> bool:
        """Note that somebody saw to it; return whether there was such a one, still waiting. Conflict."""
        known, text = self._read(agency_id, desk, name)
        if known is None or known.answered_at:
            return False
        self._write_over(known, text, replace(known, answered_at=at, answered_by=by, note=note))
        return True

    def _read(self, agency_id: str, desk: Desk, name: str) -> tuple[FollowUp | None, str | None]:
        try:
            item = self._items.get(follow_ups_pk(agency_id, desk), name, consistent_read=True)
        except self._items.DoesNotExist:
            return None, None
        return decode(item.document, FollowUp), item.document

    def _write_over(self, known: FollowUp, text: str | None, newer: FollowUp) -> None:
        if newer == known:
            return
        item = self._items(follow_ups_pk(known.agency_id, known.desk), known.id)
        try:
            item.update([self._items.document.set(encode(newer))], condition=self._items.document == text)
        except UpdateError as error:
            raise as_conflict(error) from error
