"""`tenfour feed check`: one look at everything that a feed needs, before it runs."""

import os
import time
from contextlib import ExitStack
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

import httpx
from rich.text import Text

from chalicelib.inbound.mapping.losses import losses
from chalicelib.inbound.mapping.mapper import Mapped, Mapper
from feed.config import PASSWORD, Feed, read_feed, secret_of
from feed.failed import SourceFailed
from feed.folder import Watcher
from feed.post import Post
from feed.run import load_mapper
from feed.source import AHEAD, seconds_ahead, told_by
from feed.sources import fetcher_of
from feed.view import Poller, connect
from tenfour.common.screen import Screen

MOST_LOOKED_AT = 500


def look(file: Path, console: Screen) -> bool:
    """Print what is there and what is not; return whether the feed can run. BadFeed."""
    feed = read_feed(file)
    mapper, secret = load_mapper(file, feed), secret_of(file, feed)
    console.print(f"mapping    {feed.mapping}: {len(mapper.mapping.paths)} places are read")
    lost = losses(mapper.mapping)
    for loss in lost:
        console.print(Text(f"           {loss}", style="red"))
    read = _look_at_source(file, feed, mapper, console) and not lost
    with httpx.Client(timeout=30) as client:
        return _look_at_address(feed, Post(feed, secret, client, lambda: datetime.now(UTC)), console) and read


def _look_at_source(file: Path, feed: Feed, mapper: Mapper, console: Screen) -> bool:
    try:
        mapped = _LOOKS[feed.source](file, feed, mapper)
    except SourceFailed as problem:
        console.print(Text.assemble("source     ", (str(problem), "red")))
        return False
    wrong = [item for item in mapped if item.problems]
    console.print(f"source     {len(mapped):,} update{'s' * (len(mapped) != 1)} found, {len(wrong):,} of them wrong")
    for item in wrong[:5]:
        field, said = item.problems[0]
        console.print(f"           {field}: {said}", style="red")
    ahead = [seconds for item in mapped if (seconds := seconds_ahead(item.update, datetime.now(UTC))) > AHEAD]
    if ahead:
        far = f"{len(ahead):,} of them ahead of the time, by up to {max(ahead) / 60:,.0f} min"
        console.print(f"           {far}: is the time zone right?", style="red")
    return True


def _of_eido(file: Path, feed: Feed, mapper: Mapper) -> list[Mapped]:
    from feed.eido.look import of_eido  # WebSockets are there only where they are needed

    assert feed.eido  # noqa: S101  for mypy
    return of_eido(file, feed.eido, mapper, MOST_LOOKED_AT)


def _of_http(file: Path, feed: Feed, mapper: Mapper) -> list[Mapped]:
    from feed.http.source import first_page

    assert feed.http  # noqa: S101  for mypy
    with ExitStack() as stack:
        records = first_page(feed.http, fetcher_of(file, feed, time.monotonic, stack), mapper, datetime.now(UTC))
    return [item for record in records[:MOST_LOOKED_AT] for item in mapper.map(record, datetime.now(UTC))]


def _of_view(_file: Path, feed: Feed, mapper: Mapper) -> list[Mapped]:
    view = feed.view
    assert view  # noqa: S101  for mypy
    engine = connect(view, os.environ.get(PASSWORD), mapper.mapping.encoding)
    try:
        page = next(Poller(view, mapper.mapping, engine).pages(None), None)
    finally:
        engine.dispose()
    rows = page.rows if page else ()
    found: list[Mapped] = []
    for row in islice(rows, MOST_LOOKED_AT):
        told, noted = told_by(row, mapper)
        field, _, said = noted.partition(": ")
        found += [Mapped({}, ((field, said),))] if noted else mapper.map(told, datetime.now(UTC))
    return found


def _of_folder(_file: Path, feed: Feed, mapper: Mapper) -> list[Mapped]:
    folder = feed.folder
    assert folder  # noqa: S101  for mypy
    watcher = Watcher(folder, mapper, lambda _: False)
    list(watcher.ready(0.0))
    later = folder.settled_for.total_seconds() + folder.patience.total_seconds()
    found: list[Mapped] = []
    for records in watcher.ready(later):
        if records.said:
            found.append(Mapped({}, ((records.look.name, records.said),)))
        found += [item for record in records.records for item in mapper.map(record, datetime.now(UTC))]
        if len(found) >= MOST_LOOKED_AT:
            break
    return found


_LOOKS = {"view": _of_view, "folder": _of_folder, "http": _of_http, "eido": _of_eido}
"""By the name of the table in the feed's file."""


def _look_at_address(feed: Feed, post: Post, console: Screen) -> bool:
    try:
        answer = post.beat(f"check-{int(datetime.now(UTC).timestamp())}")
    except httpx.HTTPError as problem:
        console.print(Text.assemble("address    ", (f"{feed.address}: {type(problem).__name__}", "red")))
        return False
    if post.skew:
        console.print(f"clock      {abs(post.skew.total_seconds()):,.0f} s off; corrected when posting")
    if not answer.is_success:
        said = f"{feed.address} answers {answer.status_code}: {answer.text[:200]}"
        console.print(Text.assemble("address    ", (said, "red")))
        return False
    console.print(f"address    {feed.address} knows the key")
    return True
