"""A CAD that is asked again and again: its answers are read page by page, mapped, remembered and queued.

A read may take several turns: when it meets a limit of the CAD, or when enough waits to be posted, it goes on at the
same page. Only a read that reached the end says until when the CAD was read, and what vanished from it.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any

import httpx
import msgspec

from chalicelib.inbound.mapping.mapper import Mapper
from chalicelib.inbound.mapping.paths import many
from chalicelib.inbound.mapping.values import as_text
from feed.http.answer import content_of
from feed.http.fetch import Answer, Fetcher, HttpFailed
from feed.http.paging import COUNTED, Position, as_request, next_page
from feed.http.request import request, since_text
from feed.http.settings import Http
from feed.http.walk import Walk
from feed.listed import Listed, Rule
from feed.place import FeedChange, Place
from feed.source import mapped_changes

MOST_PAGES_AT_ONCE = 40
"""After so many pages the feed posts what it has, and says that it runs."""

MOST_FAILURES = 5
"""So often a page is asked for again before the read begins anew."""

_ASK_AGAIN = frozenset({0, 401, 403, 408, 425, 429, 500, 502, 503, 504})
_AN_HOUR = 3_600.0


class HttpSource:
    """An address of the CAD."""

    def __init__(self, http: Http, fetcher: Fetcher, mapper: Mapper, place: Place) -> None:
        self._http, self._fetcher, self._mapper, self._place = http, fetcher, mapper, place
        counted = http.pages is not None and http.pages.by in COUNTED
        self._listed = Listed(place, Rule(http.gone, http.gone_after, http.gone_within, twice=counted))
        self._key = [many(path, mapper.mapping.format) for path in http.key]
        self._walk: Walk | None = None
        self._validators: dict[str, str] = {}
        self.every = http.every.total_seconds()
        self.unfinished = False

    def read(self, now: datetime, steady: float, room: Callable[[], bool]) -> int:
        """Ask for pages until the end, or until there is no room."""
        walk = self._walk = self._walk or self._begin(now)
        new, self.unfinished = 0, True
        for _ in range(MOST_PAGES_AT_ONCE):
            if walk.position is None or not room():
                break
            try:
                new += self._page(walk, now)
            except HttpFailed as problem:
                walk.failures += 1
                if problem.status not in _ASK_AGAIN or walk.failures >= MOST_FAILURES:
                    self._walk = None
                raise
        if walk.position is None:
            self._end(walk, now)
        return new

    def _begin(self, now: datetime) -> Walk:
        since = None
        if self._http.since:
            noted = self._place.note("since")
            since = min(datetime.fromisoformat(noted), now) if noted else now - self._http.since.begin
            since -= self._http.since.overlap
        return Walk(self._http.pages, self._place.next_turn(now), since)

    def _page(self, walk: Walk, now: datetime) -> int:
        """Read one page and go to the next; return how much in it is new. HttpFailed."""
        sent = self._request(walk)
        answer = self._fetcher.fetch(sent, now)
        walk.at, walk.failures = walk.at or answer.at, 0
        if answer.same:
            walk.first_turn, walk.position = self._place.note("whole_turn") or 0.0, None
            return 0
        content = content_of(answer, self._mapper, self._http.good)
        changes = [change for record in content.records for change in self._changes(record, walk.turn, now)]
        new = self._take(walk, changes, now)
        assert walk.position is not None  # noqa: S101  for mypy: `read` asks for no page after the last
        following = next_page(self._http.pages, walk.position, sent, (answer, content), self._mapper)
        walk.go_on(following, _sum(changes), new)
        self._keep_validators(answer)
        return new

    def _request(self, walk: Walk) -> httpx.Request:
        assert walk.position is not None  # noqa: S101  as above
        made = _request(self._http, walk.position, walk.since)
        made.headers.update(self._validators)
        return made

    def _keep_validators(self, answer: Answer) -> None:
        """Keep what lets the CAD say that nothing has changed: only one answer that is the whole can be the same."""
        http = self._http
        if http.pages is None and http.since is None and http.method == "GET":
            names = {"if-none-match": "etag", "if-modified-since": "last-modified"}
            self._validators = {ours: answer.headers[name] for ours, name in names.items() if name in answer.headers}

    def _changes(self, record: Any, turn: float, now: datetime) -> Iterator[FeedChange]:
        key = "\x1e".join(_text(find(record)) for find in self._key)
        for change in mapped_changes(self._mapper, record, (key, turn, "record"), now):
            names = change.update.get("incident_id"), change.update.get("incident_number")
            name = next((str(each) for each in names if each), "")
            known_as = key or name or hashlib.blake2b(msgspec.json.encode(change.compared), digest_size=8).hexdigest()
            yield msgspec.structs.replace(
                change, key=f"{known_as}{change.key.removeprefix(key)}", origin=f"incident {name or '?'}", several=True
            )

    def _take(self, walk: Walk, changes: list[FeedChange], now: datetime) -> int:
        told = [each for each in changes if each.update.get("incident_number") or each.update.get("incident_id")]
        walk.whole = walk.whole and len(told) == len(changes)
        unread = "no record of the answer can be read" if changes and not told else ""

        def also(new: set[str]) -> None:
            if self._http.gone:
                self._listed.saw(told, new, walk.turn, now)

        return self._place.take(changes, now.timestamp(), also, unread=unread)

    def _end(self, walk: Walk, now: datetime) -> None:
        """Note what only a read that reached the end can tell."""
        self._walk, self.unfinished = None, False
        held = self._listed.judge(walk.first_turn, now) if self._http.gone and walk.whole else ""
        if walk.since:
            self._place.forget(walk.since.timestamp() - _AN_HOUR)
        else:
            self._place.forget(walk.first_turn)
        notes = {"held": held, "whole_turn": walk.first_turn}
        if walk.at and self._http.since:
            notes["since"] = walk.at.isoformat()
        self._place.set_notes(**notes)


def first_page(http: Http, fetcher: Fetcher, mapper: Mapper, now: datetime) -> Sequence[Any]:
    """Return the records of a first page, to look at; HttpFailed."""
    since = now - http.since.begin if http.since else None
    answer = fetcher.fetch(_request(http, Position(), since), now)
    return content_of(answer, mapper, http.good).records


def _request(http: Http, position: Position, since: datetime | None) -> httpx.Request:
    values = position.values(http.pages)
    if http.since and since:
        values["since"] = since_text(http.since, since)
    return as_request(position, request(http, values))


def _sum(changes: list[FeedChange]) -> bytes:
    return hashlib.blake2b(msgspec.json.encode([(each.key, each.compared) for each in changes])).digest()


def _text(found: list[Any]) -> str:
    return "\x1f".join(as_text(each) or "" for each in found)
