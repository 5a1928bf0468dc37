"""A feed's configuration: what it reads, where it posts, its secrets. `docs/vendor/feed.md` is this file in words."""

import os
import tomllib
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct

from chalicelib.domain.duration import Duration, decode_duration
from feed.eido.settings import Eido, wrong_with
from feed.gone import Gone
from feed.http.check import check_http
from feed.http.request import BadRequest
from feed.http.settings import Http

SOURCES = ("view", "folder", "http", "eido")
"""The tables of a feed's file, one of which says what it reads."""

SECRET, PASSWORD = "TENFOUR_FEED_SECRET", "TENFOUR_FEED_PASSWORD"
TOKEN = "TENFOUR_FEED_TOKEN"  # noqa: S105  where it is, not what it is


class View(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A view of the CAD's database: a row a call, and a column that grows whenever the row changes.

    `time_zone` is that of `changed` where its times have no offset; blank where they have one. A column of numbers is
    `changed_is = "number"`; `overlap` looks back for what was committed late, `overlap_numbers` likewise.
    """

    url: str
    name: str
    key: tuple[str, ...]
    changed: str
    changed_is: Literal["time", "number"] = "time"
    time_zone: str = ""
    every: Duration = Duration(seconds=10)
    overlap: Duration = Duration(minutes=2)
    overlap_numbers: int = 1000
    begin: Duration = Duration(hours=24)
    gone: Gone = ""
    gone_after: Duration = Duration(0)
    gone_within: Duration = Duration(hours=36)


class Folder(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A folder into which the CAD writes files.

    A file is read once it has not changed for `settled_for`; afterwards it is left, deleted, or moved to `done` beside
    the feed's own files. A file that can't be read for `patience` is set aside.
    """

    path: str
    pattern: str = "*"
    every: Duration = Duration(seconds=5)
    settled_for: Duration = Duration(seconds=2)
    patience: Duration = Duration(minutes=1)
    largest_mb: int = 20
    after: Literal["leave", "delete", "move"] = "leave"


class Feed(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A feed: what it reads, by which mapping, and to whom it posts."""

    address: str
    agency: str
    mapping: str
    state: str
    feed: Literal["cad", "rms"] = "cad"
    secret_file: str = ""
    posts_a_second: float = 2.0
    most_waiting: int = 10_000
    view: View | None = None
    folder: Folder | None = None
    http: Http | None = None
    eido: Eido | None = None

    @property
    def source(self) -> str:
        """Return the name of the table that says what is read."""
        return next(name for name in SOURCES if getattr(self, name) is not None)


class BadFeed(ValueError):
    """A feed that can't run; the text names the file and the field."""


def read_feed(path: Path) -> Feed:
    """Read a feed's file; paths in it are beside it. BadFeed."""
    try:
        feed = msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), Feed, dec_hook=decode_duration)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as problem:
        raise BadFeed(f"{path}: {problem}") from problem
    except msgspec.ValidationError as problem:
        message, _, field = str(problem).replace("`", "").partition(" - at $.")
        raise BadFeed(f"{path}: {field}{': ' if field else ''}{message}") from problem
    if sum(getattr(feed, name) is not None for name in SOURCES) != 1:
        raise BadFeed(f"{path}: expected one of {', '.join(f'[{name}]' for name in SOURCES)}")
    if not feed.address.startswith(("https://", "http://127.0.0.1", "http://localhost")):
        raise BadFeed(f"{path}: address: expected https://")
    if feed.view and not feed.view.key:
        raise BadFeed(f"{path}: view.key: expected at least one column")
    if feed.http:
        try:
            check_http(feed.http)
        except BadRequest as problem:
            raise BadFeed(f"{path}: {problem}") from problem
    if feed.eido and (wrong := wrong_with(feed.eido)):
        raise BadFeed(f"{path}: {wrong}")
    if feed.posts_a_second <= 0:
        raise BadFeed(f"{path}: posts_a_second: expected more than 0")
    return feed


def beside(path: Path, name: str) -> Path:
    """Return a path that a feed's file names."""
    return path.parent / name


def secret_of(path: Path, feed: Feed) -> str:
    """Return the signing secret, from the environment or its file; BadFeed."""
    found = secret(path, SECRET, "secret_file", feed.secret_file)
    if not found:
        raise BadFeed(f"no secret: set {SECRET}, or `secret_file` to a file that has it")
    return found


def secret(path: Path, variable: str, field: str, file: str) -> str:
    """Return what a variable has, else a file that a field of the feed's file names, "" where neither does; BadFeed."""
    told = os.environ.get(variable, "").strip()
    if told or not file:
        return told
    try:
        return beside(path, file).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as problem:
        reason = problem.strerror if isinstance(problem, OSError) else ""
        raise BadFeed(f"{field}: {reason or type(problem).__name__}") from problem
