"""Follow-ups in DynamoDB: each desk has a partition of its own."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from msgspec.structs import replace
from pynamodb.exceptions import DeleteError, PutError, UpdateError

from chalicelib.aws.document import decode, encode
from chalicelib.aws.tables import (
    RESTING,
    ContactItem,
    as_conflict,
    condition_failed,
    follow_ups_pk,
    instant,
    read_instant,
)
from chalicelib.domain.surveys.follow_up import Desk, FollowUp, newest

_FORGOTTEN_AFTER = timedelta(days=7)
"""A rest on which nobody acts for so long is one of a stack that does not run."""


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
            self._write_over(known, text, newest(one, known))
        return False

    def take(self, agency_id: str, desk: Desk, name: str) -> FollowUp | None:
        """Note that a desk is being told of it; return it, or None where it is gone or was told. Conflict."""
        known, text = self._read(agency_id, desk, name)
        if known is None or known.rests_until is None:
            return None
        told = replace(known, rests_until=None)
        self._write_over(known, text, told)
        return told

    def rest(self, agency_id: str, survey: str, until: datetime) -> None:
        """Note that the follow-ups of a survey wait until then for more answers."""
        self._items(f"{RESTING}{agency_id}", survey, until=instant(until), expires=until + _FORGOTTEN_AFTER).save()

    def resting(self, agency_id: str, by: datetime) -> Iterator[tuple[str, datetime]]:
        """Return the surveys of an agency that have rested by then, the first first."""
        found = self._items.query(f"{RESTING}{agency_id}")
        due = sorted((read_instant(item.until), item.sk) for item in found if item.until)
        yield from ((survey, until) for until, survey in due if until <= by)

    def lease(self, agency_id: str, survey: str, until: datetime, to: datetime) -> bool:
        """Put a rest off, so that nobody else acts on it meanwhile; False where it is not as it was read."""
        place = self._items.until
        try:
            self._items(f"{RESTING}{agency_id}", survey).update(
                [place.set(instant(to))], condition=place == instant(until)
            )
        except UpdateError as error:
            if not condition_failed(error):
                raise
            return False
        return True

    def rested(self, agency_id: str, survey: str, until: datetime) -> None:
        """Forget a rest, unless it is not as it was read."""
        try:
            self._items(f"{RESTING}{agency_id}", survey).delete(self._items.until == instant(until))
        except DeleteError as error:
            if not condition_failed(error):
                raise

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
