"""Read recorded requests: HTTP messages, HAR, JSON lines, or bodies alone; and write JSON lines."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from chalicelib.auth import WebhookKey
from chalicelib.domain.incidents.facts import Instant
from chalicelib.insight.certify.post import Post, Trouble
from tenfour.certify.har import entries
from tenfour.certify.signature import wrong_with

LARGEST = 64 * 1024 * 1024
_REQUEST_LINE = re.compile(r"([A-Z]{3,7}) (\S+)(?: HTTP/[\d.]+)?")
_KEPT = re.compile(r"content-|webhook-|date$|user-agent$|retry-after$|ce-")
"""Headers that a recording keeps. A key is none of them."""


class InvalidRecording(ValueError):
    """A recording that can't be read; the text names the file."""


class _Line(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A request as a line of JSON; `body` is a text, or JSON."""

    at: Instant | None = None
    method: str = "POST"
    path: str = ""
    headers: dict[str, str] = {}
    body: Any = ""
    body_base64: bytes = b""
    status: int | None = None
    retry_after: float | None = None
    trouble: Trouble | None = None
    gave_up_after: float | None = None


def read_recorded(path: Path, keys: tuple[WebhookKey, ...] = ()) -> list[Post]:
    """Read a file of requests, or a folder of them in the order of their names; InvalidRecording, OSError."""
    files = sorted(file for file in path.rglob("*") if _counts(file, path)) if path.is_dir() else [path]
    if not files:
        raise InvalidRecording(f"{path}: no files")
    return [_checked(post, keys) for file in files for post in _of_file(file)]


def _counts(file: Path, folder: Path) -> bool:
    return file.is_file() and not any(part.startswith(".") for part in file.relative_to(folder).parts)


def _of_file(file: Path) -> Iterator[Post]:
    if file.stat().st_size > LARGEST:
        raise InvalidRecording(f"{file}: larger than {LARGEST // 1024**2} MiB")
    raw, kind = file.read_bytes(), file.suffix.lower()
    try:
        if kind == ".har":
            yield from _of_har(file.name, raw)
        elif kind in (".jsonl", ".ndjson"):
            yield from _of_lines(file.name, raw)
        elif kind == ".http":
            yield _of_message(file.name, raw)
        else:
            yield Post(where=file.name, body=raw)
    except (ValueError, RecursionError) as problem:
        raise InvalidRecording(f"{file}: no requests in the form of {kind}: {problem}") from problem


def _of_message(name: str, raw: bytes) -> Post:
    head, gap, body = raw.partition(b"\r\n\r\n") if b"\r\n\r\n" in raw else raw.partition(b"\n\n")
    first, *lines = head.decode("latin-1").splitlines() or [""]
    line = _REQUEST_LINE.fullmatch(first.strip())
    if line is None or not gap:
        raise ValueError("expected POST, a path, headers, an empty line, and the body")
    headers = _lower(dict(_split_header(each) for each in lines))
    return Post(where=name, at=_time(headers), method=line[1], path=_path(line[2]), headers=headers, body=body)


def _split_header(line: str) -> tuple[str, str]:
    name, colon, value = line.partition(":")
    if not colon:
        raise ValueError(f"{line[:40]!r} is no header")
    return name.strip(), value.strip()


def _of_har(name: str, raw: bytes) -> Iterator[Post]:
    for position, entry in enumerate(entries(raw), 1):
        headers = _lower(entry.headers)
        yield Post(
            where=f"{name}, entry {position}",
            at=entry.started.astimezone(UTC) if entry.started else _time(headers),
            method=entry.request.method,
            path=_path(entry.request.url),
            headers=headers,
            body=entry.body,
            status=entry.response.status,
            retry_after=entry.retry_after,
        )


def _of_lines(name: str, raw: bytes) -> Iterator[Post]:
    for number, line in enumerate(raw.splitlines(), 1):
        if not line.strip():
            continue
        where = f"{name}, line {number}"
        told = msgspec.json.decode(line)
        if isinstance(told, dict) and {"body", "body_base64", "path"} & told.keys():
            yield _of_line(where, msgspec.convert(told, _Line))
        else:
            yield Post(where=where, body=line)


def _of_line(where: str, told: _Line) -> Post:
    headers = _lower(told.headers)
    as_text = told.body.encode() if isinstance(told.body, str) else msgspec.json.encode(told.body)
    return Post(
        where=where,
        at=told.at.astimezone(UTC) if told.at else _time(headers),
        method=told.method,
        path=_path(told.path),
        headers=headers,
        body=told.body_base64 or as_text,
        status=told.status,
        retry_after=told.retry_after,
        trouble=told.trouble,
        gave_up_after=told.gave_up_after,
    )


def as_line(post: Post) -> str:
    """Return a request as a line of a recording, without its key."""
    try:
        text, as_bytes = post.body.decode(), b""
    except UnicodeDecodeError:
        text, as_bytes = "", post.body
    line = _Line(
        at=post.at,
        method=post.method,
        path=post.path,
        headers={name: value for name, value in post.headers.items() if _KEPT.match(name)},
        body=text,
        body_base64=as_bytes,
        status=post.status,
        retry_after=post.retry_after,
        trouble=post.trouble,
        gave_up_after=post.gave_up_after,
    )
    return msgspec.json.encode(line).decode()


def _checked(post: Post, keys: tuple[WebhookKey, ...]) -> Post:
    """Return a request with what is wrong with its signature, as of the time at which it was signed."""
    if not keys or "webhook-signature" not in post.headers:
        return post
    at = _signed_at(post.headers) or post.at or datetime.now(UTC)
    return replace(post, signature=wrong_with(post.headers, post.body, post.feed, keys, at))


def _signed_at(headers: Mapping[str, str]) -> datetime | None:
    given = headers.get("webhook-timestamp", "")
    return datetime.fromtimestamp(int(given), UTC) if re.fullmatch(r"\d{1,10}", given) else None


def _time(headers: Mapping[str, str]) -> datetime | None:
    """Return when a request was sent, as its own headers say."""
    try:
        return parsedate_to_datetime(headers["date"]).astimezone(UTC)
    except (KeyError, ValueError):
        return _signed_at(headers)


def _path(given: str) -> str:
    parts = urlsplit(given)
    return parts.path + (f"?{parts.query}" if parts.query else "")


def _lower(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}
