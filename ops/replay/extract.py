"""A city's call-for-service extract → what its dispatch system would have posted.

A map (`ops/maps/*.toml`) names the columns, the formats of dates, the time zone, code tables and the
agency's settings. A row becomes messages: the call, each milestone at its own time, and the closing.
"""

import csv
import hashlib
import io
import tomllib
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, tzinfo
from itertools import count
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct

from chalicelib.domain.duration import Duration, decode_duration
from chalicelib.domain.facts import Facts
from chalicelib.inbound.body import UpdateBody
from ops.fiction import fictional_phone

_BYTE_ORDER_MARKS = ("\ufeff", "ï»¿")
"""As it is, and encoded twice."""

_LISTS = frozenset({"dispositions", "case_numbers", "offenses"})
_NO_SERVICE = "911-555-0100"
_OTHERWISE = "*"
_FIELDS = frozenset(UpdateBody.__struct_fields__)


class Phones(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What share of callers can't be texted, of 1; which ones is decided by the incident's number."""

    blank: float = 0.0
    pseudo_911: float = 0.0


class Map(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How to read one city's extract."""

    city: str
    settings: str
    time_zone: str
    dates: tuple[str, ...]
    columns: dict[str, str]
    columns_at_close: dict[str, str] = {}
    codes: dict[str, dict[str, str]] = {}
    assume_closed_after: Duration = Duration(hours=1)
    phones: Phones = Phones()


class Message(Struct, frozen=True):
    """One update as the webhook has it, and when it was sent."""

    at: datetime
    body: dict[str, Any]


class Case(Struct, frozen=True):
    """One row: an incident with its messages in the order of their times."""

    line: int
    incident_number: str
    messages: tuple[Message, ...]


class Unreadable(Struct, frozen=True):
    """A row that could not be read."""

    line: int
    reason: str


class InvalidMap(ValueError):
    """A map that can't be used; the text names the file and the field."""


class _BadRow(ValueError):
    """Why one row can't be read."""


def load_map(path: Path) -> Map:
    """Read a map; InvalidMap."""
    try:
        read = msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), Map, dec_hook=decode_duration)
    except (OSError, tomllib.TOMLDecodeError, msgspec.ValidationError) as problem:
        raise InvalidMap(f"{path}: {problem}") from problem
    unknown = (read.columns.keys() | read.columns_at_close.keys()) - _FIELDS
    if unknown:
        raise InvalidMap(f"{path}: {min(unknown)} is no field of an update")
    missing = {"incident_number", "received_at"} - read.columns.keys()
    if missing:
        raise InvalidMap(f"{path}: columns.{min(missing)} is required")
    return read


def read_extract(path: Path, mapping: Map) -> Iterator[Case | Unreadable]:
    """Read a file row by row; a row that can't be read never stops the rest. InvalidMap for missing columns."""
    text = path.read_bytes().decode("utf-8", errors="replace")
    for mark in _BYTE_ORDER_MARKS:
        text = text.removeprefix(mark)
    rows = csv.DictReader(io.StringIO(text.replace("\0", "")))
    _require_columns(path, rows, {*mapping.columns.values(), *mapping.columns_at_close.values()})
    seen: set[str] = set()
    for order in count():
        try:
            row = next(rows, None)
            if row is None:
                return
            case = _read_row(order, rows.line_num, row, mapping)
        except (_BadRow, csv.Error) as problem:
            yield Unreadable(rows.line_num, str(problem))
            continue
        if case.incident_number in seen:
            yield Unreadable(rows.line_num, f"incident {case.incident_number} is there twice")
            continue
        seen.add(case.incident_number)
        yield case


def _require_columns(path: Path, rows: "csv.DictReader[str]", needed: set[str]) -> None:
    try:
        lacking = sorted(needed - set(rows.fieldnames or ()))
    except csv.Error as problem:
        raise InvalidMap(f"{path}: {problem}") from problem
    if lacking:
        raise InvalidMap(f"{path}: there is no column {lacking[0]!r}")


def _read_row(order: int, line: int, row: Mapping[str | Any, str | None], mapping: Map) -> Case:
    if None in row or None in row.values():
        raise _BadRow(f"expected {len([name for name in row if name])} columns")
    number = (row[mapping.columns["incident_number"]] or "").strip()
    if not number:
        raise _BadRow("no incident number")
    call, closing = _facts(row, mapping.columns, mapping), _facts(row, mapping.columns_at_close, mapping)
    milestones = {name: at for name, at in call.items() if isinstance(at, datetime)}
    if "received_at" not in milestones:
        raise _BadRow("no time of the call")
    start = milestones["received_at"]
    told_at_start = {name: value for name, value in call.items() if name not in milestones}
    at_once = {name: at for name, at in milestones.items() if at <= start}
    parties = _parties(order, number, told_at_start.get("origin"), mapping.phones)
    first = {**told_at_start, **at_once, **parties}
    later = [Message(at, {name: at}) for name, at in milestones.items() if at > start and name != "closed_at"]
    closed_at = milestones.get("closed_at") or max(milestones.values()) + mapping.assume_closed_after
    last = Message(closed_at, {**closing, "closed_at": closed_at})
    messages = [Message(start, first), *later, last]
    messages.sort(key=lambda message: message.at)
    return Case(line, number, tuple(_addressed(number, message) for message in messages))


def _facts(row: Mapping[str, str | None], columns: Mapping[str, str], mapping: Map) -> dict[str, Any]:
    facts: dict[str, Any] = {}
    for name, column in columns.items():
        text = (row[column] or "").strip()
        if name != "incident_number" and text:
            facts[name] = _value(name, text, mapping)
    return facts


def _value(name: str, text: str, mapping: Map) -> Any:
    if name in Facts.__struct_fields__ and name.endswith(("_at", "_for")):
        return _instant(text, mapping.dates, ZoneInfo(mapping.time_zone))
    codes = mapping.codes.get(name)
    coded = text if codes is None else codes.get(text, codes.get(_OTHERWISE, text))
    return [coded] if name in _LISTS else coded


def _instant(text: str, formats: tuple[str, ...], zone: tzinfo) -> datetime:
    for written in formats:
        try:
            return datetime.strptime(text, written).replace(tzinfo=zone).astimezone(UTC)
        except ValueError:
            continue
    raise _BadRow(f"{text!r} is no date of the map's formats")


def _parties(order: int, number: str, origin: str | None, phones: Phones) -> dict[str, Any]:
    """Return the person who called: fictional, and of no use to texts in the shares that the map gives."""
    if origin == "officer_initiated":
        return {}
    draw = int(hashlib.sha256(number.encode()).hexdigest()[:8], 16) / 16**8
    phone = fictional_phone(order)
    if draw < phones.blank:
        phone = ""
    elif draw < phones.blank + phones.pseudo_911:
        phone = _NO_SERVICE
    kind = "alarm" if origin == "alarm" else "personal"
    return {"reporting_parties": [{"party_id": "1", "role": "caller", "contact_kind": kind, "phone": phone}]}


def _addressed(number: str, message: Message) -> Message:
    return Message(message.at, {"incident_number": number, "as_of": message.at, **message.body})
