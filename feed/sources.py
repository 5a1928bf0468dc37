"""The sources of feeds, by their tables in a feed's file: how each is opened, and closed again."""

import os
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
from msgspec import Struct

from chalicelib.inbound.mapping.file import InvalidMapping
from chalicelib.inbound.mapping.mapper import Mapper
from chalicelib.inbound.mapping.paths import many
from feed.config import PASSWORD, BadFeed, Feed, beside, secret
from feed.http.settings import SOURCE_SECRET, Http
from feed.place import Place
from feed.source import FeedSource, FolderSource, ViewSource
from feed.tls import trusted

if TYPE_CHECKING:
    from feed.http.fetch import Fetcher

PATIENCE = 4
"""An answer that goes on and on may take so many times what its parts may."""


class Opening(Struct, frozen=True):
    """What a source is opened with: the feed's file and what it says, and what closes all in the end."""

    path: Path
    feed: Feed
    mapper: Mapper
    place: Place
    steady: Callable[[], float]
    stack: ExitStack


def open_source(opening: Opening) -> FeedSource:
    """Open the one source that a feed has; BadFeed."""
    return _OPENS[opening.feed.source](opening)


def _view(opening: Opening) -> FeedSource:
    from feed.view import Poller, connect

    view = opening.feed.view
    assert view  # noqa: S101  for mypy
    engine = connect(view, os.environ.get(PASSWORD), opening.mapper.mapping.encoding)
    opening.stack.callback(engine.dispose)
    return ViewSource(view, Poller(view, opening.mapper.mapping, engine), opening.mapper, opening.place)


def _folder(opening: Opening) -> FeedSource:
    folder = opening.feed.folder
    assert folder  # noqa: S101  for mypy
    done = beside(opening.path, opening.feed.state) / "done"
    return FolderSource(folder, opening.mapper, opening.place, done)


def _http(opening: Opening) -> FeedSource:
    from feed.http.source import HttpSource

    http = opening.feed.http
    assert http  # noqa: S101  for mypy
    check_paths(opening.path, http, opening.mapper)
    fetcher = fetcher_of(opening.path, opening.feed, opening.steady, opening.stack)
    return HttpSource(http, fetcher, opening.mapper, opening.place)


def _eido(opening: Opening) -> FeedSource:
    from feed.eido.opening import eido_source  # WebSockets are there only where they are needed

    eido = opening.feed.eido
    assert eido  # noqa: S101  for mypy
    source = eido_source(opening.path, eido, opening.mapper, opening.place)
    opening.stack.callback(source.close)
    return source


def fetcher_of(path: Path, feed: Feed, steady: Callable[[], float], stack: ExitStack) -> "Fetcher":
    """Return what asks the CAD over HTTP; BadFeed."""
    from feed.http.auth import auth_of
    from feed.http.fetch import Fetcher

    http = feed.http
    assert http  # noqa: S101  for mypy
    seconds = http.timeout.total_seconds()
    client = stack.enter_context(httpx.Client(timeout=seconds, verify=trusted(path, "http", http)))
    auth = auth_of(http.auth, source_secret(path, feed), steady)
    return Fetcher(client, auth, http.largest_mb, seconds * PATIENCE)


def check_paths(path: Path, http: Http, mapper: Mapper) -> None:
    """Look at the paths that a feed's file has of its own; BadFeed."""
    told = (("key", http.key), ("good", tuple(http.good)), ("pages.next", (http.pages.next,) if http.pages else ()))
    for where, paths in told:
        for each in filter(None, paths):
            try:
                many(each, mapper.mapping.format)
            except InvalidMapping as problem:
                raise BadFeed(f"{path}: http.{where}: {problem}") from problem


def source_secret(path: Path, feed: Feed) -> str:
    """Return the secret by which the CAD knows the feed, from the environment or its file; BadFeed."""
    auth = feed.http.auth if feed.http else None
    if auth is None:
        return ""
    found = secret(path, SOURCE_SECRET, "http.auth.secret_file", auth.secret_file)
    if not found:
        raise BadFeed(f"no secret for the CAD: set {SOURCE_SECRET}, or `http.auth.secret_file` to a file that has it")
    return found


_OPENS: dict[str, Callable[[Opening], FeedSource]] = {
    "view": _view,
    "folder": _folder,
    "http": _http,
    "eido": _eido,
}
"""By the name of the table in the feed's file."""
