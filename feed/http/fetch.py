"""One request, and what may come of it: an answer that is small enough, in time, and well; or a reason."""

import re
import time
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx
from msgspec import Struct

from feed.failed import SourceFailed

MEGABYTE = 1024 * 1024
LONGEST_ASKED = 3_600.0
"""A CAD may ask for a longer pause than we would make, but not for one that would look like an end."""

_SECONDS = re.compile(r"[0-9]{1,9}")
_NOT_MODIFIED = 304


class HttpFailed(SourceFailed):
    """The CAD gave no answer that counts. `status` is 0 where it gave none at all."""

    def __init__(self, said: str, status: int = 0, wait: float = 0.0) -> None:
        super().__init__(said)
        self.status, self.wait = status, wait


class Answer(Struct, frozen=True):
    """An answer: its body, its headers, and the time by the clock of the CAD. `same` is 304, `empty` is 204."""

    body: bytes
    headers: httpx.Headers
    at: datetime
    same: bool = False
    empty: bool = False


class Fetcher:
    """A client, and the limits of an answer."""

    def __init__(self, client: httpx.Client, auth: httpx.Auth | None, largest: int, longest: float) -> None:
        self._client, self._auth, self._largest, self._longest = client, auth, largest * MEGABYTE, longest
        self._steady: Callable[[], float] = time.monotonic

    def fetch(self, request: httpx.Request, now: datetime) -> Answer:
        """Send a request; HttpFailed. `now` is the time where the CAD says none."""
        until = self._steady() + self._longest
        try:
            answer = self._client.send(request, auth=self._auth, stream=True, follow_redirects=False)
            try:
                body = self._body(answer, until)
            finally:
                answer.close()
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError) as problem:
            raise HttpFailed(f"{request.url.host}: {type(problem).__name__}") from problem
        said_at = _time(answer.headers.get("date", "")) or now
        if answer.status_code == _NOT_MODIFIED and _is_conditional(request):
            return Answer(b"", answer.headers, said_at, same=True)
        if answer.status_code not in (httpx.codes.OK, httpx.codes.NO_CONTENT):
            raise HttpFailed(_why(request, answer), answer.status_code, asked_wait(answer, said_at))
        return Answer(body, answer.headers, said_at, empty=answer.status_code == httpx.codes.NO_CONTENT)

    def _body(self, answer: httpx.Response, until: float) -> bytes:
        """Return the body of an answer; of one that is not well, nothing: it may quote what we asked with."""
        if not answer.is_success:
            return b""
        whole = bytearray()
        for chunk in answer.iter_bytes():
            whole += chunk
            if len(whole) > self._largest:
                raise HttpFailed(f"the answer is larger than {self._largest // MEGABYTE} MB", answer.status_code)
            if self._steady() > until:
                raise HttpFailed(f"the answer took longer than {self._longest:,.0f} s")
        return bytes(whole)


def _why(request: httpx.Request, answer: httpx.Response) -> str:
    reason = answer.reason_phrase if answer.reason_phrase.isprintable() else ""
    moved = ": the address has moved; the feed follows no redirection" if answer.is_redirect else ""
    return f"{request.url.host} answers {answer.status_code} {reason}".strip()[:200] + moved


def asked_wait(answer: httpx.Response, now: datetime) -> float:
    """Return for how many seconds the CAD asks to be left alone: as a number, or as a time."""
    given = answer.headers.get("retry-after", "").strip()
    until = _time(given)
    seconds = float(given) if _SECONDS.fullmatch(given) else (until - now).total_seconds() if until else 0.0
    return max(0.0, min(seconds, LONGEST_ASKED))


def _time(text: str) -> datetime | None:
    try:
        return parsedate_to_datetime(text).astimezone(UTC)
    except (ValueError, OverflowError, IndexError):
        return None


def _is_conditional(request: httpx.Request) -> bool:
    return bool({"if-none-match", "if-modified-since"} & set(request.headers))
