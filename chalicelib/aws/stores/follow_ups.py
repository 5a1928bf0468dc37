"""Follow-ups in DynamoDB: each desk has a partition of its own."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from msgspec.structs import replace
from pynamodb.connection import Connection
from pynamodb.exceptions import DeleteError, TransactWriteError, UpdateError
from pynamodb.expressions.update import Action
from pynamodb.transactions import TransactWrite

from chalicelib.aws.document import decode, encode
from chalicelib.aws.stores.attention import AttentionTable
from chalicelib.aws.tables import (
    RESTING,
    Add,
    ContactItem,
    as_conflict,
    closed_pk,
    condition_failed,
    follow_ups_pk,
    instant,
    praise_pk,
    read_instant,
)
from chalicelib.domain.desk.attention import Attention
from chalicelib.domain.desk.owed import owing, withdrawn
from chalicelib.domain.surveys.follow_up import Desk, FollowUp, newest
from chalicelib.ports.errors import Conflict

_FORGOTTEN_AFTER = timedelta(days=7)
"""A rest on which nobody acts for so long is one of a stack that does not run."""


class _Read(NamedTuple):
    """A follow-up as it was read: its text, and when it expires; None where there is none."""

    one: FollowUp | None = None
    text: str | None = None
    expires: datetime | None = None


class FollowUpTable:
    """The port `FollowUps` over DynamoDB, in the table of contacts, which no analyst sees.

    What waits for somebody is written with each of them, in one transaction.
    """

    def __init__(self, items: type[ContactItem], connection: Connection) -> None:
        self._items, self._connection, self._attention = items, connection, AttentionTable(items)

    def keep(self, one: FollowUp, keep_until: datetime | None) -> bool:
        """Keep it, or its newest words where it is known and waits still; return whether it was new. Conflict."""
        item = self._items(follow_ups_pk(one.agency_id, one.desk), one.id, document=encode(one), expires=keep_until)
        fresh = self._items.pk.does_not_exist()
        try:
            self._write(
                one.agency_id,
                owing(one, keep_until),
                lambda transaction: transaction.save(item, condition=fresh),
                *self._among_praise(one, keep_until),
            )
        except TransactWriteError as error:
            if not condition_failed(error):
                raise as_conflict(error) from error
        else:
            return True
        known = self._read(one.agency_id, one.desk, one.id)
        if known.one and known.one.answered_at is None:
            self._write_over(known, newest(one, known.one))
        return False

    def take(self, agency_id: str, desk: Desk, name: str) -> FollowUp | None:
        """Note that a desk is being told of it; return it, or None where it is gone or was told. Conflict."""
        known = self._read(agency_id, desk, name)
        if known.one is None or known.one.rests_until is None:
            return None
        told = replace(known.one, rests_until=None)
        self._write_over(known, told)
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
        """Let it expire then; None: never. Nothing is brought back as an empty shell. Conflict."""
        place, known = self._items.expires, self._read(one.agency_id, one.desk, one.id)
        if known.one is None:
            return
        item = self._items(follow_ups_pk(one.agency_id, one.desk), one.id)
        keep: list[Action] = [place.set(until) if until else place.remove()]
        as_read = self._items.document == known.text
        try:
            self._write(
                one.agency_id,
                owing(known.one, until),
                lambda transaction: transaction.update(item, actions=keep, condition=as_read),
                *self._among_praise(known.one, until),
                *self._among_closed(known.one, until),
            )
        except TransactWriteError as error:
            raise as_conflict(error) from error

    def withdraw(self, agency_id: str, desk: Desk, name: str) -> None:
        """Take away what a desk must not see any more; Conflict."""
        item = self._items(follow_ups_pk(agency_id, desk), name)
        try:
            self._write(agency_id, withdrawn(desk, name), lambda transaction: transaction.delete(item))
        except TransactWriteError as error:
            raise as_conflict(error) from error

    def of(self, agency_id: str, desk: Desk) -> Iterator[FollowUp]:
        """Return all that a desk was given, oldest first."""
        found = (decode(item.document, FollowUp) for item in self._items.query(follow_ups_pk(agency_id, desk)))
        yield from sorted(found, key=lambda one: (one.raised_at, one.id))

    def find(self, agency_id: str, desk: Desk, name: str) -> FollowUp | None:
        """Return one of a desk's, by one consistent read."""
        return self._read(agency_id, desk, name).one

    def praise(
        self, agency_id: str, span: tuple[datetime, datetime], most: int, after: str = ""
    ) -> tuple[tuple[str, ...], str]:
        """Return the names of praise that was raised in a span, the first first, by one query."""
        first, last = (instant(at) for at in span)
        within = self._items.sk.between(max(first, f"{after} ") if after else first, last)
        query = self._items.query(praise_pk(agency_id), within, page_size=most + 1, limit=most + 1)
        places = [item.sk for item in query]
        names = tuple(place.rpartition("#")[2] for place in places[:most])
        return names, places[most - 1] if len(places) > most else ""

    def closed(self, agency_id: str, desk: Desk, most: int, before: str = "") -> tuple[tuple[str, ...], str]:
        """Return the names of what a desk saw to, the last first, by one query."""
        earlier = self._items.sk < before if before else None
        place = closed_pk(agency_id, desk)
        query = self._items.query(place, earlier, page_size=most + 1, limit=most + 1, scan_index_forward=False)
        places = [item.sk for item in query]
        names = tuple(place.rpartition("#")[2] for place in places[:most])
        return names, places[most - 1] if len(places) > most else ""

    def put(self, before: FollowUp, after: FollowUp) -> None:
        """Write one over what was read; Conflict where it is not so any more."""
        known = self._read(before.agency_id, before.desk, before.id)
        if known.one != before:
            raise Conflict
        self._write_over(known, after)

    def answer(self, agency_id: str, desk: Desk, name: str, at: datetime, by: str, note: str) -> bool:
        """Note that somebody saw to it; return whether there was such a one, still waiting. Conflict."""
        known = self._read(agency_id, desk, name)
        if known.one is None or known.one.answered_at:
            return False
        self._write_over(known, replace(known.one, answered_at=at, answered_by=by, note=note))
        return True

    def _read(self, agency_id: str, desk: Desk, name: str) -> _Read:
        try:
            item = self._items.get(follow_ups_pk(agency_id, desk), name, consistent_read=True)
        except self._items.DoesNotExist:
            return _Read()
        return _Read(decode(item.document, FollowUp), item.document, item.expires)

    def _write_over(self, known: _Read, newer: FollowUp) -> None:
        """Write it over what was read, with what that does to what waits for somebody; Conflict."""
        if newer == known.one:
            return
        item, place = self._items(follow_ups_pk(newer.agency_id, newer.desk), newer.id), self._items.document
        said: list[Action] = [place.set(encode(newer))]
        try:
            self._write(
                newer.agency_id,
                owing(newer, known.expires),
                lambda transaction: transaction.update(item, actions=said, condition=place == known.text),
                *self._among_closed(newer, known.expires),
            )
        except TransactWriteError as error:
            raise as_conflict(error) from error

    def _among_praise(self, one: FollowUp, keep_until: datetime | None) -> tuple[Add, ...]:
        """Return what writes praise down by its time, for as long as it is kept; nothing for anything else."""
        if one.desk is not Desk.UNIT:
            return ()
        item = self._items(praise_pk(one.agency_id), f"{instant(one.raised_at)}#{one.id}", expires=keep_until)
        return (lambda transaction: transaction.save(item),)

    def _among_closed(self, one: FollowUp, keep_until: datetime | None) -> tuple[Add, ...]:
        """Return what writes down by its time that somebody saw to it, for as long as it is kept."""
        if one.answered_at is None:
            return ()
        item = self._items(
            closed_pk(one.agency_id, one.desk), f"{instant(one.answered_at)}#{one.id}", expires=keep_until
        )
        return (lambda transaction: transaction.save(item),)

    def _write(self, agency_id: str, attention: Attention, *writes: Add) -> None:
        with TransactWrite(connection=self._connection) as transaction:
            for each in (*writes, *self._attention.writes(agency_id, attention)):
                each(transaction)
