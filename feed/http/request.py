"""A request as the feed's file writes it: names such as `$since` and `$page` in it stand for their values."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from string import Template
from typing import Any
from urllib.parse import quote
from xml.sax.saxutils import escape
from zoneinfo import ZoneInfo

import httpx

from feed.http.settings import Http, Since

NAMES = frozenset({"since", "page", "offset", "size", "cursor"})
_EPOCHS = {"epoch": 1, "epoch_ms": 1_000}


class BadRequest(ValueError):
    """A request that can't be made; the text names the field."""


def request(http: Http, values: dict[str, str]) -> httpx.Request:
    """Return the request; a parameter of which a name has no value, such as the first page's cursor, is left out."""
    params = {name: told for name, text in http.params.items() if (told := _filled(text, values)) is not None}
    url = httpx.URL(_filled(http.url, values, quote) or http.url)
    headers = {name: told for name, text in http.headers.items() if (told := _filled(text, values)) is not None}
    content = _filled(http.body, dict.fromkeys(NAMES, "") | values, escaped_for(http.body)) if http.body else None
    return httpx.Request(
        http.method, url.copy_merge_params(params) if params else url, headers=headers, content=content
    )


def check_request(http: Http) -> None:
    """Look at the request's form; BadRequest."""
    for where, text in _texts(http):
        template = Template(text)
        if not template.is_valid():
            raise BadRequest(f"{where}: $ stands before a name; write $$ for the sign itself")
        unknown = sorted(set(template.get_identifiers()) - NAMES)
        if unknown:
            raise BadRequest(f"{where}: ${unknown[0]} is none of {', '.join(f'${name}' for name in sorted(NAMES))}")
        if "since" in template.get_identifiers() and http.since is None:
            raise BadRequest(f"{where}: $since needs [http.since]")
    if http.since:
        check_since(http.since)
        if not any("since" in Template(text).get_identifiers() for _, text in _texts(http)):
            raise BadRequest("http.since: nothing in the request has $since")


def since_text(since: Since, at: datetime) -> str:
    """Return a time as the CAD reads it."""
    local = at.astimezone(ZoneInfo(since.time_zone))
    if since.format in _EPOCHS:
        return str(int(at.timestamp() * _EPOCHS[since.format]))
    if since.format == "iso":
        return local.replace(microsecond=0).isoformat().replace("+00:00", "Z")
    return local.strftime(since.format)


def check_since(since: Since) -> None:
    """Look at a format and a zone; BadRequest."""
    try:
        text = since_text(since, datetime(2026, 11, 29, 20, 15, tzinfo=UTC))
    except (ValueError, OSError, LookupError) as problem:
        raise BadRequest(f"http.since.time_zone: no time zone {since.time_zone!r}") from problem
    if "%" not in since.format and since.format not in (*_EPOCHS, "iso"):
        raise BadRequest("http.since.format: expected iso, epoch, epoch_ms, or a format such as %m/%d/%Y %H:%M:%S")
    if not any(character.isdigit() for character in text):
        raise BadRequest(f"http.since.format: {since.format!r} is no format of a time")


def escaped_for(body: str) -> Callable[[str], str]:
    """Return what makes a value part of a body: of JSON, of XML, or of a form."""
    begins = body.lstrip()[:1]
    if begins in ("{", "["):
        return lambda value: json.dumps(value)[1:-1]
    return escape if begins == "<" else quote


def _filled(text: str, values: dict[str, str], escaped: Callable[[str], str] = str) -> str | None:
    try:
        return Template(text).substitute({name: escaped(value) for name, value in values.items()})
    except KeyError:
        return None


def _texts(http: Http) -> Iterator[tuple[str, str]]:
    yield from (("http.url", http.url), ("http.body", http.body))
    yield from ((f"http.params.{name}", text) for name, text in http.params.items())
    yield from ((f"http.headers.{name}", text) for name, text in http.headers.items())


def at_same_place(url: httpx.URL, other: Any) -> httpx.URL | None:
    """Return where an answer leads to, if that is the same machine: a key must not go to another one."""
    try:
        there = url.join(str(other))
    except (httpx.InvalidURL, ValueError):
        return None
    return there if (there.scheme, there.host, there.port) == (url.scheme, url.host, url.port) else None
