"""Read a sender's requests under the webhook's own rules."""

import gzip
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import cached_property
from io import BytesIO
from typing import Any

import msgspec
from msgspec import Struct

from chalicelib.inbound.cad.json_repair import without_half_characters
from chalicelib.inbound.cad.read_updates import Batch, Malformed, Unacceptable, read_updates
from chalicelib.inbound.cad.rejected import as_it_came
from chalicelib.inbound.cad.update_fields import LARGEST_BODY, Body
from chalicelib.inbound.mapping.batch import as_batch
from chalicelib.inbound.mapping.mapper import Mapper
from chalicelib.insight.certify.post import Post, Told

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class Read(Struct, frozen=True):
    """A request and its updates; or the webhook's word on the whole of it, and how many updates it has."""

    post: Post
    told: tuple[Told, ...] = ()
    problem: str = ""
    size: int = 0


class Run(Struct, frozen=True, kw_only=True, dict=True):
    """All that was heard of a sender, in the order in which it came.

    `live` tells whether the receiver saw all of it, silences too; `until` is when it stopped to listen.
    """

    read: tuple[Read, ...]
    live: bool = False
    until: datetime | None = None
    mapper: Mapper | None = None
    country: str = "US"
    time_zone: str = ""

    @property
    def posts(self) -> list[Post]:
        """Return every request."""
        return [each.post for each in self.read]

    @cached_property
    def news(self) -> list[Told]:
        """Return every update once, however often its request was sent."""
        seen, news = set[str](), list[Told]()
        for each in self.read:
            if each.post.content_hash not in seen:
                news += each.told
            seen.add(each.post.content_hash)
        return news

    @cached_property
    def calls(self) -> dict[str, list[Told]]:
        """Return the updates that could be taken, by call, each in the order in which they came."""
        calls: defaultdict[str, list[Told]] = defaultdict(list)
        for told in self.news:
            if told.update and told.call:
                calls[told.call].append(told)
        return calls


def read_run(
    posts: Iterable[Post],
    now: datetime,
    mapper: Mapper | None = None,
    *,
    country: str = "US",
    time_zone: str = "",
    live: bool = False,
) -> Run:
    """Read requests; `now` stands for the time of those that have none. What only looks is not judged."""
    read = tuple(_read(post, mapper, country, now) for post in posts if not post.is_look)
    until = now if live else None
    return Run(read=read, live=live, until=until, mapper=mapper, country=country, time_zone=time_zone)


def _read(post: Post, mapper: Mapper | None, country: str, now: datetime) -> Read:
    if post.place != "updates":
        return Read(post)
    at, body, source_id = post.at or now, plain(post), post.webhook_id or post.content_hash
    try:
        if mapper:
            mapped = mapper.read(body, at)
            told, batch = (
                [item.update for item in mapped],
                as_batch(mapped, source_id, country, at),
            )
        else:
            batch = read_updates(body, source_id, country, at)
            told = _as_they_came(body)
    except (Malformed, Unacceptable) as problem:
        return Read(post, problem=str(problem), size=_size(body) if mapper is None else _records(str(problem)))
    return Read(post, tuple(_paired(post, told, batch)), size=len(told))


def _paired(post: Post, told: list[dict[str, Any]], batch: Batch) -> Iterator[Told]:
    errors = {item.index: item.error for item in batch.rejected}
    updates = iter(batch.updates)
    for index, fields in enumerate(told):
        error = errors.get(index, "")
        yield Told(post=post, index=index, told=fields, update=None if error else next(updates), error=error)


def _as_they_came(body: bytes) -> list[dict[str, Any]]:
    raw = msgspec.json.decode(without_half_characters(body.removeprefix(_BYTE_ORDER_MARK)), type=Body).updates
    return [as_it_came(each) for each in raw]


def _size(body: bytes) -> int:
    """Return how many updates a body has that can't be read as a whole; -1 where nobody can say."""
    try:
        told = msgspec.json.decode(body.removeprefix(_BYTE_ORDER_MARK))
    except (msgspec.MsgspecError, RecursionError):
        return -1
    updates = told.get("updates") if isinstance(told, dict) else None
    return len(updates) if isinstance(updates, list) else -1


def _records(problem: str) -> int:
    """Return 0 where a mapping finds no records in a body that can be read, else -1."""
    return 0 if problem.startswith("records: nothing at") else -1


def plain(post: Post) -> bytes:
    """Return a body as it was before it was compressed; as it came where that can't be undone."""
    if post.headers.get("content-encoding", "").strip().lower() not in ("gzip", "x-gzip"):
        return post.body
    try:
        with gzip.open(BytesIO(post.body)) as packed:
            return packed.read(LARGEST_BODY + 1)
    except (OSError, EOFError, zlib.error):
        return post.body
