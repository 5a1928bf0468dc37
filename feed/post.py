"""Posting what waits: signed, in batches, oldest first, no faster than agreed, and never dropped for an outage."""

import random
import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import httpx
import msgspec
from standardwebhooks import Webhook

from feed.config import Feed
from feed.place import Place, Waiting
from feed.signed import signed

MOST_UPDATES, MOST_BYTES = 100, 200 * 1024
LONGEST_WAIT = 60.0
LONGEST_ASKED = 600.0
"""An address may ask for a longer pause than we would make, but not for one that would look like an end."""

PARTIAL = {"tenfour-partial": "1"}
"""The header of updates beside which others are known to be missing: they must not look like a feed that lives."""

BEAT_EVERY = 60.0
MOST_TRIES = 10
"""An update that alone fails so often at an address that otherwise works is set aside: it must not stop the rest."""

TRIES_TOGETHER = 3
"""After so many tries of a batch that the address is too busy for, one update of it may be what keeps it busy."""

MANY_REFUSED = 10
"""So many updates that were rejected one after the other are no accident."""

NOTABLE_SKEW = timedelta(seconds=60)
_SECONDS = re.compile(r"[0-9]{1,9}")
_TOO_LARGE, _BROKEN, _BUSY = 413, 500, 503
_NOT_OURS = frozenset({400, 415, 422})


class Post:
    """One address, one key. `clock` may be wrong: what the address says of the time is what is signed with."""

    def __init__(self, feed: Feed, secret: str, client: httpx.Client, clock: Callable[[], datetime]) -> None:
        self._url = f"{feed.address.rstrip('/')}/{feed.feed}/{feed.agency}"
        self._beats = f"{feed.address.rstrip('/')}/cad/{feed.agency}/heartbeat"
        self._signer, self._client, self._clock = Webhook(secret), client, clock
        self.skew = timedelta()

    def updates(self, name: str, body: bytes, *, partial: bool = False) -> httpx.Response:
        """Post a batch; a partial one is no sign that the feed lives. httpx.HTTPError."""
        return self._send(f"{self._url}/updates", name, body, PARTIAL if partial else None)

    def beat(self, name: str) -> httpx.Response:
        """Say that the feed lives; httpx.HTTPError."""
        return self._send(self._beats, name, b"{}")

    def now(self) -> datetime:
        """Return the time by the clock of the address."""
        return self._clock() + self.skew

    def _send(self, url: str, name: str, body: bytes, more: dict[str, str] | None = None) -> httpx.Response:
        headers = signed(self._signer, name, self.now(), body) | (more or {})
        answer = self._client.post(url, content=body, headers=headers)
        self._compare_clocks(answer.headers.get("date", ""))
        return answer

    def _compare_clocks(self, date: str) -> None:
        try:
            skew = parsedate_to_datetime(date).astimezone(UTC) - self._clock()
        except (ValueError, OverflowError):
            return
        self.skew = skew if abs(skew) >= NOTABLE_SKEW else timedelta()


class Sender:
    """Post changes from the list to the address. `steady` is a clock that never goes back, in seconds."""

    def __init__(self, feed: Feed, place: Place, post: Post) -> None:
        self._place, self._post = place, post
        self._pace = 1 / feed.posts_a_second
        self._most, self._failures = MOST_UPDATES, 0
        self._not_before = self._heard_at = -LONGEST_WAIT
        self._refused = self._well = 0
        self._well_before: dict[int, int] = {}
        self._lives = True

    def now(self) -> datetime:
        """Return the time by the clock of the address, as far as it is known."""
        return self._post.now()

    def step(self, steady: float, *, lives: bool = True) -> bool:
        """Post one batch, if anything is due and it is time; return whether more may be due at once.

        While the source can't be read whole, what is posted does not show that the feed `lives`.
        """
        self._lives = lives
        if steady < self._not_before:
            return False
        now = self._post.now().timestamp()
        batch = _fitting(self._place.waiting(self._most, now))
        if not batch:
            return False
        self._not_before = steady + self._pace
        try:
            name = f"{self._place.source}-{batch[0].id}-{batch[-1].id}"
            answer = self._post.updates(name, self._body(batch), partial=not lives)
        except httpx.HTTPError as problem:
            self._wait(steady, type(problem).__name__)
            return False
        return self._judge(answer, batch, steady)

    def beat(self, steady: float) -> None:
        """Say that the feed lives, where nothing was posted for a minute and nothing waits.

        A feed of which every update is rejected tells nothing: it must not look like a quiet night.
        """
        if self._refused >= MANY_REFUSED:
            return
        self._lives = True
        due = self._place.waiting(1, self._post.now().timestamp())
        if steady < self._not_before or steady - self._heard_at < BEAT_EVERY or due:
            return
        try:
            answer = self._post.beat(f"{self._place.source}-beat-{int(self._post.now().timestamp())}")
        except httpx.HTTPError as problem:
            self._wait(steady, type(problem).__name__)
            return
        if _is_ours(answer, "heard"):
            self._went_well(steady)
        else:
            self._wait(steady, _said(answer), answer)

    def _body(self, batch: Sequence[Waiting]) -> bytes:
        updates = [
            {"update_id": f"{self._place.source}-{item.id:012}"} | msgspec.json.decode(item.body) for item in batch
        ]
        return msgspec.json.encode({"updates": updates})

    def _judge(self, answer: httpx.Response, batch: list[Waiting], steady: float) -> bool:
        status = answer.status_code
        if _is_ours(answer, "accepted") or (status in _NOT_OURS and (len(batch) == 1 or _rejected(answer))):
            self._settle(answer, batch)
            self._went_well(steady)
            return True
        if len(batch) > 1 and (
            status in _NOT_OURS
            or status in (_TOO_LARGE, _BROKEN)
            or (status == _BUSY and batch[0].tries >= TRIES_TOGETHER)
        ):
            self._most = max(1, len(batch) // 2)  # one of them is what is wrong
            return True
        if status == _TOO_LARGE or (status in (_BROKEN, _BUSY) and self._is_alone_in_failing(batch[0])):
            self._set_aside(batch, _said(answer))
            return True
        self._wait(steady, _said(answer), answer)
        alone = len(batch) == 1 and status in (_BROKEN, _BUSY)
        later = min(LONGEST_WAIT, 2.0 ** min(batch[0].tries, 6)) if alone else 0.0  # the others go first
        self._place.tried(batch[0], self._post.now().timestamp() + later if alone else 0.0)
        return False

    def _is_alone_in_failing(self, item: Waiting) -> bool:
        """Tell whether an update fails again and again while the address takes others: it is no outage."""
        before = self._well_before.setdefault(item.id, self._well)
        return item.tries >= MOST_TRIES and self._well > before

    def _settle(self, answer: httpx.Response, batch: list[Waiting]) -> None:
        rejected = {index: error for index, error in _rejected(answer) if 0 <= index < len(batch)}
        if not answer.is_success and not rejected:
            rejected = {0: _said(answer)}
        asides = [
            (batch[index], batch[index].said or error.partition("].")[2] or error) for index, error in rejected.items()
        ]
        taken = (self._place.note("posted") or 0) + len(batch) - len(asides)
        self._refused = 0 if len(asides) < len(batch) else self._refused + len(asides)
        self._place.sent(batch, asides, self._post.now().timestamp(), posted=taken)

    def _set_aside(self, batch: list[Waiting], said: str) -> None:
        self._well_before.clear()
        self._place.sent(batch, [(item, said) for item in batch], self._post.now().timestamp())

    def _went_well(self, steady: float) -> None:
        self._failures, self._well = 0, self._well + 1
        self._heard_at = steady if self._lives else self._heard_at
        self._most = min(MOST_UPDATES, self._most * 2)
        at = self._post.now().isoformat()
        problem = f"the last {self._refused:,} updates were all rejected" if self._refused >= MANY_REFUSED else ""
        self._place.set_notes(heard_at=at, post_problem=problem, skew=self._post.skew.total_seconds())

    def _wait(self, steady: float, said: str, answer: httpx.Response | None = None) -> None:
        """Come back later, each time a little later, and not all feeds of the world at once."""
        self._failures += 1
        given = answer.headers.get("retry-after", "") if answer is not None else ""
        asked = min(float(given), LONGEST_ASKED) if _SECONDS.fullmatch(given) else 0.0
        wait = min(LONGEST_WAIT, 2.0 ** min(self._failures, 6)) * random.uniform(0.7, 1.0)  # noqa: S311  no secret
        self._not_before = steady + max(asked, wait)
        self._place.set_notes(post_problem=said, skew=self._post.skew.total_seconds())


def _fitting(waiting: list[Waiting]) -> list[Waiting]:
    """Return the first of what waits, as much as one post may hold."""
    size = 0
    batch: list[Waiting] = []
    for item in waiting:
        size += len(item.body) * 2
        if batch and size > MOST_BYTES:
            break
        batch.append(item)
    return batch


def _rejected(answer: httpx.Response) -> list[tuple[int, str]]:
    """Return which updates of a batch were rejected, and why; nothing for an answer that is none of ours."""
    try:
        return [(int(item["index"]), str(item["error"])) for item in answer.json()["rejected"]]
    except (ValueError, KeyError, TypeError):
        return []


def _is_ours(answer: httpx.Response, word: str) -> bool:
    """Tell whether an answer says that something was taken: a proxy's page says 200, too."""
    try:
        return answer.is_success and word in answer.json()
    except (ValueError, TypeError):
        return False


def _said(answer: httpx.Response) -> str:
    try:
        return f"{answer.status_code}: {answer.json()['error']}"[:300]
    except (ValueError, KeyError, TypeError):
        return f"{answer.status_code}, and no answer of tenfour's" if answer.is_success else str(answer.status_code)
