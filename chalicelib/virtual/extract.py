"""A city's call-for-service extract → what its dispatch system would have posted.

A map (`infra/maps/*.toml`) is a mapping of rows like any other; its table `replay` says how one row becomes messages:
the call, each milestone at its own time, and the closing.
"""

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from msgspec import Struct

from chalicelib.inbound.cad.read_updates import Malformed
from chalicelib.inbound.mapping.fields import INSTANTS
from chalicelib.inbound.mapping.file import InvalidMapping, Mapping, Replay, read_mapping
from chalicelib.inbound.mapping.mapper import Mapper
from chalicelib.inbound.mapping.payload import read_rows, without_mark
from chalicelib.inbound.mapping.row import Row
from chalicelib.virtual.fiction import fictional_phone
from chalicelib.virtual.town.callers import party

_NO_SERVICE = "911-555-0100"
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
"""Nobody tells of an extract's calls live: an hour that comes twice is the first."""


class Map:
    """How to read one city's extract."""

    def __init__(self, mapper: Mapper, replay: Replay) -> None:
        self.mapper, self.replay, self.settings = mapper, replay, replay.settings
        self.at_first = mapper.compiled("replay.at_first", replay.at_first)


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
        mapping = read_mapping(path.read_text(encoding="utf-8"))
        return Map(Mapper(mapping), _replay(mapping))
    except (OSError, UnicodeDecodeError, InvalidMapping) as problem:
        raise InvalidMap(f"{path}: {problem}") from problem


def _replay(mapping: Mapping) -> Replay:
    if mapping.format != "rows" or mapping.replay is None:
        raise InvalidMapping("replay: a mapping of rows with this table is needed to replay a past")
    if "received_at" not in mapping.fields:
        raise InvalidMapping("fields.received_at: required to replay a past")
    unknown = set(mapping.replay.told_at_close) - mapping.fields.keys()
    if unknown:
        raise InvalidMapping(f"replay.told_at_close: {min(unknown)} is not among the fields")
    return mapping.replay


def read_extract(path: Path, mapping: Map) -> Iterator[Case | Unreadable]:
    """Read a file row by row; a row that can't be read never stops the rest. InvalidMap for missing columns."""
    text = path.read_bytes().decode(mapping.mapper.mapping.encoding or "utf-8", errors="replace")
    seen: set[str] = set()
    try:
        for order, row in enumerate(read_rows(without_mark(text), mapping.mapper.mapping)):
            try:
                case = _read_row(order, row, mapping)
            except _BadRow as problem:
                yield Unreadable(row.line, str(problem))
                continue
            if case.incident_number in seen:
                yield Unreadable(row.line, f"incident {case.incident_number} is there twice")
                continue
            seen.add(case.incident_number)
            yield case
    except Malformed as problem:
        raise InvalidMap(f"{path}: {problem}") from problem


def _read_row(order: int, row: Row, mapping: Map) -> Case:
    if row.reason:
        raise _BadRow(row.reason)
    facts, at_first = _told(mapping, row)
    number = facts.pop("incident_number", None)
    if not number:
        raise _BadRow("no incident number")
    replay = mapping.replay
    milestones = {name: at for name, at in facts.items() if name in INSTANTS}
    if "received_at" not in milestones:
        raise _BadRow("no time of the call")
    start = milestones["received_at"]
    closing = {name: facts[name] for name in replay.told_at_close if name in facts}
    at_start = {name: value for name, value in facts.items() if name not in closing and name not in milestones}
    at_once = {name: at for name, at in milestones.items() if at <= start}
    first = {**at_start, **at_first, **at_once, **_parties(order, number, at_start.get("origin"), replay)}
    later = [Message(at, {name: at}) for name, at in milestones.items() if at > start and name != "closed_at"]
    closed_at = milestones.get("closed_at") or max(milestones.values()) + timedelta(
        seconds=replay.assume_closed_after.total_seconds()
    )
    messages = [Message(start, first), *later, Message(closed_at, {**closing, "closed_at": closed_at})]
    messages.sort(key=lambda message: message.at)
    return Case(row.line, number, tuple(_addressed(number, message) for message in messages))


def _told(mapping: Map, row: Row) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what a row says in all its fields, and what the call began with; of a past nobody asks when it was so."""
    mapper = mapping.mapper
    facts, wrong = mapper.told(mapper.fields, row, _LONG_AGO)
    at_first, also = mapper.told(mapping.at_first, row, _LONG_AGO)
    for name, said in (*wrong, *also):
        if name != "as_of":
            raise _BadRow(f"{name}: {said}")
    facts.pop("as_of", None)
    facts.pop("first_seen", None)
    return facts, at_first


def _parties(order: int, number: str, origin: str | None, replay: Replay) -> dict[str, Any]:
    """Return the person who called: fictional, and of no use to texts in the shares that the map gives."""
    if origin == "officer_initiated":
        return {}
    draw = int(hashlib.sha256(number.encode()).hexdigest()[:8], 16) / 16**8
    phone = fictional_phone(order)
    if draw < replay.blank_phones:
        phone = ""
    elif draw < replay.blank_phones + replay.pseudo_911_phones:
        phone = _NO_SERVICE
    kind = "alarm" if origin == "alarm" else "personal"
    return {"reporting_parties": [party(phone, contact_kind=kind)]}


def _addressed(number: str, message: Message) -> Message:
    return Message(message.at, {"incident_number": number, "as_of": message.at, **message.body})
