"""Jobs of the desk in DynamoDB: a job, a part for each chunk that has ended, and the results apart.

All of a job is in one partition of the sessions' table, which is the desk's own and no backup keeps. A look at how far
a job is reads no result. A result and its part are written together, once: of two workers at the same chunk the second
changes nothing, since people may have read by then what the first one made, and approve it by its digest.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import TypeVar

from pynamodb.connection import Connection
from pynamodb.exceptions import PutError, TransactWriteError
from pynamodb.transactions import TransactWrite

from chalicelib.aws.document import UNREADABLE, decode, encode
from chalicelib.aws.stores.left_out import log_left_out
from chalicelib.aws.tables import SessionItem, as_conflict, condition_failed, instant
from chalicelib.domain.desk.jobs import KEPT_FOR, Asked, Job, Part, Progress

_JOB, _PART, _RESULT = "job", "part#", "result#"
_ASKED = "jobs#"
_DONE = "done"
T = TypeVar("T")


class JobTable:
    """The port `Jobs`."""

    def __init__(
        self,
        items: type[SessionItem],
        clock: Callable[[], datetime],
        connection: Connection,
        leave_out: Callable[[str], None] = log_left_out,
    ) -> None:
        self._items, self._clock, self._connection, self._leave_out = items, clock, connection, leave_out

    def find(self, agency_id: str, name: str) -> Progress | None:
        """Return a job with its parts by one consistent Query, or None."""
        found = self._items.query(_pk(agency_id, name), self._items.sk < _RESULT, consistent_read=True)
        there = [item for item in found if not self._expired(item)]
        jobs = self._read([item for item in there if item.sk == _JOB], Job)
        parts = self._read([item for item in there if item.sk.startswith(_PART)], Part)
        return Progress(jobs[0], tuple(parts)) if jobs else None

    def keep(self, agency_id: str, job: Job) -> None:
        """Keep a job, in the place of what it was."""
        self._items(_pk(agency_id, job.name), _JOB, document=encode(job), expires=job.until).save()

    def end(self, agency_id: str, job: Job, part: Part, result: str = "") -> bool:
        """Keep a chunk's part with its result, unless it was done before; return whether it was not. Conflict.

        `acted_at` says that it was done: a part that says why not gives way to the next try, and so does one that has
        ended, which the table may keep for two days more.
        """
        pk = _pk(agency_id, job.name)
        item = self._items(pk, f"{_PART}{part.chunk}", document=encode(part), expires=job.until)
        anew = self._items.acted_at.does_not_exist() | (self._items.expires <= self._clock())
        try:
            if part.why:
                item.save(anew)
            else:
                item.acted_at = _DONE
                kept = self._items(pk, f"{_RESULT}{part.chunk}", document=encode(result), expires=job.until)
                with TransactWrite(connection=self._connection) as transaction:
                    transaction.save(item, condition=anew)
                    transaction.save(kept)
        except (PutError, TransactWriteError) as error:
            if condition_failed(error):
                return False
            raise as_conflict(error) from error
        return True

    def results(self, agency_id: str, name: str) -> Mapping[str, str]:
        """Return the results of a job by their chunks."""
        found = self._items.query(_pk(agency_id, name), self._items.sk.startswith(_RESULT), consistent_read=True)
        there = [item for item in found if not self._expired(item)]
        return {item.sk.removeprefix(_RESULT): text for item in there for text in self._read([item], str)}

    def count(self, agency_id: str, one: Asked) -> None:
        """Keep for a day that somebody asked for a job: a line of an agency's own partition, a tenth of a kilobyte."""
        expires = one.at + KEPT_FOR
        self._items(f"{_ASKED}{agency_id}", _asked_sk(one), document=encode(one), expires=expires).save()

    def uncount(self, agency_id: str, one: Asked) -> None:
        """Forget that somebody asked for a job, which was refused."""
        self._items(f"{_ASKED}{agency_id}", _asked_sk(one)).delete()

    def counted(self, agency_id: str, since: datetime) -> tuple[Asked, ...]:
        """Return what an agency's people asked for after an instant, the oldest first, by one consistent Query."""
        later = self._items.sk > f"{instant(since)}$"  # behind all of that instant
        return tuple(self._read(self._items.query(f"{_ASKED}{agency_id}", later, consistent_read=True), Asked))

    def _expired(self, item: SessionItem) -> bool:
        return item.expires is not None and item.expires <= self._clock()

    def _read(self, found: Iterable[SessionItem], kind: type[T]) -> list[T]:
        known = []
        for item in found:
            try:
                known.append(decode(item.document, kind))
            except UNREADABLE:
                self._leave_out(f"{item.pk} {item.sk}")
        return known


def _asked_sk(one: Asked) -> str:
    return f"{instant(one.at)}#{one.job}"


def _pk(agency_id: str, name: str) -> str:
    return f"job#{agency_id}#{name}"
