"""Polling a view: what has changed since, in pages, by as few rows as that takes.

The column that grows is written by a clock or a counter of the database. Rows become visible when their transaction
ends, which may be later than a row that was written after them. So each poll looks back a little, and knows the rows
that it saw there by their key and content. Clocks go back, and rows are dated in the future: a poll never begins later
than the database's own time. In local times an hour comes twice each autumn: a poll then begins before both. A poll
reads the changes within that look back, however long the table is.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from msgspec import Struct
from sqlalchemy import Engine, Select, and_, column, create_engine, event, func, literal_column, or_, select, table
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DataError, SQLAlchemyError

from chalicelib.inbound.mapping.file import Mapping
from feed.config import BadFeed, View
from feed.failed import SourceFailed
from feed.place import Mark

PAGE = 500
SECONDS_A_STATEMENT = 20
_NOTHING, _FARTHEST_BACK = timedelta(0), timedelta(hours=2)
_EARLIEST, _FARTHEST = datetime(1000, 1, 1, tzinfo=UTC), datetime(9000, 1, 1, tzinfo=UTC)
"""These stand for rows whose time is at an end of the calendar, where no zone can be reckoned with."""

Row = dict[str, Any]

UNREADABLE = object()
"""Stands for a value that the database's driver can't read, such as the year 12026: no field takes it."""


class ViewFailed(SourceFailed):
    """The view could not be read; the text says why, without a value."""


class _UnreadableData(ViewFailed):
    """Something in the rows could not be read: others may be."""


class Page(Struct, frozen=True):
    """Some rows, and how far they reach."""

    rows: Sequence[Row]
    reached: Any


class Poller:
    """A view, and how to read on from where one was."""

    def __init__(self, view: View, mapping: Mapping, engine: Engine) -> None:
        self._view, self._engine = view, engine
        self._zone = ZoneInfo(view.time_zone) if view.time_zone else None
        self.columns = tuple(dict.fromkeys([view.changed, *view.key, *mapping.paths]))
        self.rows_read = 0

    def pages(self, mark: str | int | None) -> Iterator[Page]:
        """Yield all that changed since a mark (that of `mark_of`; None begins), oldest first; ViewFailed."""
        for page in self._pages(self.floor(mark), self._page):
            self.rows_read += len(page.rows)
            yield page

    def keys(self, since: Mark) -> Iterator[list[str]]:
        """Yield the keys of all rows that changed since a number of `number_of`; ViewFailed."""
        mark = int(since) if self._view.changed_is == "number" else datetime.fromtimestamp(since, UTC).isoformat()
        columns = (self._view.changed, *self._view.key)

        def keys(begin: Any, cursor: Row | None) -> list[Row]:
            return self._rows(changed_since(self._view, columns, begin, cursor))

        for page in self._pages(self.floor(mark), keys):
            yield [key_of(self._view, row) for row in page.rows]

    def _pages(self, begin: Any, page: Callable[[Any, Row | None], list[Row]]) -> Iterator[Page]:
        cursor: Row | None = None
        while True:
            rows = page(begin, cursor)
            if rows:
                cursor = rows[-1]
                yield Page(rows, cursor[self._view.changed])
            if len(rows) < PAGE:
                return

    def _page(self, begin: Any, cursor: Row | None) -> list[Row]:
        """Return the rows of a page; where a value can't be read, it alone is `UNREADABLE`. ViewFailed."""
        view = self._view
        try:
            return self._rows(changed_since(view, self.columns, begin, cursor))
        except _UnreadableData:
            places = self._rows(changed_since(view, (view.changed, *view.key), begin, cursor))
            return [row for place in places for row in self._row(place)]

    def _row(self, place: Row) -> list[Row]:
        try:
            return self._rows(self._of_row(place, self.columns))[:1]
        except _UnreadableData:
            return [place | {name: self._value(place, name) for name in self.columns if name not in place}]

    def _value(self, place: Row, name: str) -> Any:
        try:
            found = self._rows(self._of_row(place, (name,)))
        except _UnreadableData:
            return UNREADABLE
        return found[0][name] if found else None

    def _of_row(self, place: Row, columns: Sequence[str]) -> Select[Any]:
        source = _table(self._view, (*columns, *self._view.key))
        same = [source.c[name] == place[name] for name in self._view.key]
        return select(*(source.c[name] for name in columns)).where(*same).limit(1)

    def floor(self, mark: str | int | None) -> Any:
        """Return where a poll begins; ViewFailed."""
        view = self._view
        if view.changed_is == "number":
            if mark is None:
                newest = self._one(select(func.max(column(view.changed))).select_from(_table(view, ())))
                mark = int(newest or 0)
            return int(mark) - view.overlap_numbers
        now = self._database_now()
        known = now - view.begin if mark is None else min(datetime.fromisoformat(str(mark)), now)
        return self._as_column(known - view.overlap, now)

    def kept_from(self, mark: str | int) -> Mark:
        """Return from which number on rows may be read again; ViewFailed. Local times may yet go back."""
        return self.number_of(self.floor(mark)) - (_FARTHEST_BACK.total_seconds() if self._zone else 0)

    def mark_of(self, value: Any) -> str | int:
        """Return a value of the column that grows as it is kept."""
        return int(value) if self._view.changed_is == "number" else self._instant(value).isoformat()

    def number_of(self, value: Any) -> Mark:
        """Return a value of the column that grows as a number that grows with it; ViewFailed."""
        if self._view.changed_is != "number":
            return self._instant(value).timestamp()
        try:
            return int(value)
        except (ArithmeticError, TypeError, ValueError) as problem:
            raise ViewFailed(f"column {self._view.changed!r}: expected whole numbers") from problem

    def _instant(self, value: Any) -> datetime:
        if not isinstance(value, datetime):
            raise ViewFailed(f"column {self._view.changed!r}: expected times; `changed_is` says what it holds")
        if value.tzinfo is None and self._zone is None:
            raise ViewFailed(f"column {self._view.changed!r} has no offset: `view.time_zone` must say which it is")
        # Of an hour that comes twice the first is taken: too early a floor reads a few rows again.
        try:
            return (value if value.tzinfo else value.replace(tzinfo=self._zone)).astimezone(UTC)
        except OverflowError:
            return _FARTHEST if value.year > _FARTHEST.year else _EARLIEST

    def _as_column(self, at: datetime, now: datetime) -> datetime:
        """Return an instant as the column has it.

        Where the clocks have gone back between it and now, rows after it bear earlier local times: it begins so much
        earlier.
        """
        if self._zone is None:
            return at
        local, present = at.astimezone(self._zone), now.astimezone(self._zone)
        back = (local.utcoffset() or _NOTHING) - (present.utcoffset() or _NOTHING)
        return local.replace(tzinfo=None) - max(back, _NOTHING)

    def _database_now(self) -> datetime:
        """Return the time by the clock that writes the column."""
        now = self._one(select(_CLOCKS[self._engine.dialect.name]))
        at = datetime.fromisoformat(now) if isinstance(now, str) else now
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)

    def _one(self, statement: Select[Any]) -> Any:
        return next(iter(self._rows(statement)[0].values()))

    def _rows(self, statement: Select[Any]) -> list[Row]:
        try:
            with self._engine.connect() as connection:
                return [dict(row) for row in connection.execute(statement).mappings()]
        except (DataError, ArithmeticError, ValueError) as problem:
            raise _UnreadableData(f"a value can't be read: {type(problem).__name__}") from problem
        except SQLAlchemyError as problem:
            raise ViewFailed(self._why(problem)) from problem

    def _why(self, problem: SQLAlchemyError) -> str:
        """Say what is wrong, with the columns that are gone where that is it."""
        try:
            with self._engine.connect() as connection:
                there = set(
                    connection.execute(select(literal_column("*")).select_from(_table(self._view, ())).limit(0)).keys()
                )
        except SQLAlchemyError:
            return _first_line(problem)
        gone = [name for name in self.columns if name not in there]
        return f"the view has no column {gone[0]!r}" if gone else _first_line(problem)


_CLOCKS: dict[str, Any] = {
    "postgresql": func.clock_timestamp(),
    "mssql": func.sysutcdatetime(),
    "sqlite": func.strftime("%Y-%m-%dT%H:%M:%f", "now"),
}


def changed_since(view: View, columns: Sequence[str], begin: Any, cursor: Row | None) -> Select[Any]:
    """Return the statement for one page: only mapped columns, from an index on the column that grows."""
    source = _table(view, columns)
    changed, key = source.c[view.changed], [source.c[name] for name in view.key]
    statement = select(*(source.c[name] for name in columns)).order_by(changed, *key).limit(PAGE)
    if cursor is None:
        return statement.where(changed >= begin)
    beyond = [changed > cursor[view.changed]]
    for place, part in enumerate(key):
        same = [source.c[name] == cursor[name] for name in (view.changed, *view.key[:place])]
        beyond.append(and_(*same, part > cursor[part.name]))
    return statement.where(changed >= cursor[view.changed], or_(*beyond))


def _table(view: View, columns: Sequence[str]) -> Any:
    schema, _, name = view.name.rpartition(".")
    return table(name, *(column(each) for each in columns), schema=schema or None)


def connect(view: View, password: str | None, encoding: str = "") -> Engine:
    """Return a connection that only reads, made when it is first used; BadFeed.

    `encoding` is that of texts which are no UTF-8 although the database does not say so.
    """
    try:
        url = make_url(view.url)
        url = url.set(password=password) if password else url
        options = _OPTIONS.get(url.get_backend_name(), {})
        engine = create_engine(url, pool_size=1, max_overflow=0, pool_pre_ping=True, connect_args=options)
        if url.get_backend_name() == "postgresql":
            event.listen(engine, "connect", _readers(encoding), insert=True)
    except (SQLAlchemyError, ImportError) as problem:
        raise BadFeed(f"view.url: {_first_line(problem)}") from problem
    return engine


def _readers(encoding: str) -> Callable[[Any, Any], None]:
    from feed.postgresql import read_far_times, read_texts  # its driver is there only where it is needed

    def listen(connection: Any, record: Any) -> None:
        read_far_times(connection, record)
        read_texts(connection, encoding)

    return listen


_OPTIONS: dict[str, dict[str, Any]] = {
    "postgresql": {
        "connect_timeout": SECONDS_A_STATEMENT,
        "options": f"-c default_transaction_read_only=on -c statement_timeout={SECONDS_A_STATEMENT}s",
    },
    "mssql": {"login_timeout": SECONDS_A_STATEMENT, "timeout": SECONDS_A_STATEMENT},
}


def _first_line(problem: Exception) -> str:
    """Return what a driver says, without the statement and its values."""
    return str(getattr(problem, "orig", None) or problem).strip().splitlines()[0][:200]


def key_of(view: View, row: Row) -> str:
    """Return a row's key as a text."""
    return "\x1f".join(_plain(row[name]) for name in view.key)


def _plain(value: Any) -> str:
    return str(value.normalize()) if isinstance(value, Decimal) else str(value)
