"""Map a payload to updates as the webhook has them.

A mapping is compiled once: each field is a function of the record and of the time at which it was read. A value that
does not fit is left as it came. The webhook's own rules then reject that update, name the field and keep what holds.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from itertools import islice
from typing import Any

from msgspec import Struct

from chalicelib.inbound.cad.read_updates import Unacceptable
from chalicelib.inbound.cad.update_fields import MOST_UPDATES
from chalicelib.inbound.mapping.fields import FieldReader, reader
from chalicelib.inbound.mapping.file import Block, Format, InvalidMapping, Mapping, as_paths
from chalicelib.inbound.mapping.nature import as_it_is
from chalicelib.inbound.mapping.paths import Many, elements
from chalicelib.inbound.mapping.payload import Row, read_document
from chalicelib.inbound.mapping.references import resolve
from chalicelib.inbound.mapping.values import Unfit

REQUIRED = ("incident_number", "as_of")

Fields = tuple[FieldReader, ...]
"""In the order of the file."""


class Mapped(Struct, frozen=True):
    """One update, and its fields that do not fit: the field, and what was expected."""

    update: dict[str, Any]
    problems: tuple[tuple[str, str], ...] = ()


class Mapper:
    """A compiled mapping; InvalidMapping where a path in it is invalid."""

    def __init__(self, mapping: Mapping) -> None:
        self.mapping = mapping
        self._snapshots = mapping.snapshots
        self._records = [_elements("records", path, mapping.format) for path in as_paths(mapping.records)]
        self.fields = self.compiled("fields", mapping.fields)
        self._parts = self._block("parts", mapping.parts) if mapping.parts else None
        self._parties = [self._block("parties", block) for block in mapping.parties]
        self._units = [self._block("units", block) for block in mapping.units]
        self._linked = self._block("linked_to", mapping.linked_to) if mapping.linked_to else None

    def read(self, body: bytes, now: datetime) -> list[Mapped]:
        """Return a payload's updates, of too many only one more than may be; Malformed, Unacceptable."""
        records = self.records(read_document(body, self.mapping))
        return list(islice((mapped for record in records for mapped in self.map(record, now)), MOST_UPDATES + 1))

    def records(self, document: Any) -> list[Any]:
        """Return a document's records; Unacceptable where there are none, Malformed."""
        if self.mapping.format == "rows":
            return list(document)
        found = next(filter(None, (find(document) for find in self._records)), None)
        if found is None:
            if self._records:
                raise Unacceptable(f"records: nothing at {' or '.join(as_paths(self.mapping.records))}")
            found = list(document) if self.mapping.format == "xml" or isinstance(document, list) else [document]
        if self.mapping.format == "json":
            if found and not any(map(_may_be_read, found)):
                raise Unacceptable("records: expected objects or lists")
            if self.mapping.references:
                known = self.mapping.references
                return [resolve(record, known) if _may_be_read(record) else record for record in found]
        return found

    def map(self, record: Any, now: datetime) -> Iterator[Mapped]:
        """Yield what one record tells: one update, or one for each of its parts."""
        if isinstance(record, Row) and record.reason:
            yield Mapped({}, (("", f"line {record.line}: {record.reason}"),))
            return
        if self.mapping.format == "json" and not _may_be_read(record):
            yield Mapped({}, (("", "expected an object or a list"),))
            return
        try:
            yield from list(self._mapped(record, now))
        except Exception as problem:  # noqa: BLE001  one record must not cost its neighbours
            yield Mapped({}, (("", f"the record can't be read: {type(problem).__name__}"),))

    def _mapped(self, record: Any, now: datetime) -> Iterator[Mapped]:
        update, problems = self.told(self.fields, record, now)
        self._add_people(update, problems, record, now)
        if self._parts is None:
            yield self._complete(update, problems)
            return
        for part in self._parts.find(record):
            more, wrong = self.told(self._parts.fields, part, now)
            yield self._complete({**update, **more}, [*problems, *wrong])

    def _add_people(self, update: dict[str, Any], problems: list[tuple[str, str]], record: Any, now: datetime) -> None:
        if self._parties:
            people = self._people(record, now, problems)
            if people or self._snapshots:
                update["reporting_parties"] = people
        if self._units:
            units = [unit for block in self._units for unit in self._entries("units", block, record, now, problems)]
            if units or self._snapshots:
                update["units"] = units
        if self._linked:
            links = list(self._entries("linked_to", self._linked, record, now, problems))
            if links or self._snapshots:
                update["linked_to"] = links[0] if links else None

    def _people(self, record: Any, now: datetime, problems: list[tuple[str, str]]) -> list[dict[str, Any]]:
        """Return each person once; where the mapping does not say who is who, by their places."""
        people: dict[str, dict[str, Any]] = {}
        for block in self._parties:
            for item in block.find(record):
                person, wrong = self.told(block.fields, item, now)
                who = person.get("party_id") if block.named else str(len(people) + 1)
                if who is None or who in people:
                    continue
                person["party_id"] = who
                people[who] = person
                problems += [(f"reporting_parties.{field}", said) for field, said in wrong]
        return list(people.values())

    def _entries(
        self, name: str, block: "_Found", record: Any, now: datetime, problems: list[tuple[str, str]]
    ) -> Iterator[dict[str, Any]]:
        """Yield the complete entries of a list; the list takes the place of the one before."""
        for item in block.find(record):
            entry, wrong = self.told(block.fields, item, now)
            if all(entry.get(key) for key in _NEEDED[name]):
                problems += [(f"{name}.{field}", said) for field, said in wrong]
                yield {key: value for key, value in entry.items() if value is not None}

    def told(self, fields: Fields, record: Any, now: datetime) -> tuple[dict[str, Any], list[tuple[str, str]]]:
        """Return what a record says in these fields, and which of them do not fit."""
        told: dict[str, Any] = {}
        problems: list[tuple[str, str]] = []
        snapshots = self._snapshots
        for name, read, raw in fields:
            try:
                value = read(record, now)
            except Exception as problem:  # noqa: BLE001  one unfit field must not cost its neighbours
                problems.append((name, str(problem) if isinstance(problem, Unfit) else "it can't be read"))
                told[name] = as_it_is(raw, record)
                continue
            if value is not None or snapshots:
                told[name] = value
        return told, problems

    def _complete(self, update: dict[str, Any], problems: Iterable[tuple[str, str]]) -> Mapped:
        for name in REQUIRED:
            if update.get(name) is None:
                update.pop(name, None)
                problems = (*problems, (name, "required, and nothing is there"))
        return Mapped(update, tuple(problems))

    def _block(self, name: str, block: Block) -> "_Found":
        inner = {field: spec for field, spec in block.items() if field != "from"}
        path = block.get("from")
        if path is None:
            return _Found(_itself, self.compiled(name, inner), "party_id" in inner)
        if not isinstance(path, str) or self.mapping.format == "rows":
            raise InvalidMapping(f"{name}.from: expected one path, and none in rows")
        return _Found(
            _find(_elements(f"{name}.from", path, self.mapping.format)), self.compiled(name, inner), "party_id" in inner
        )

    def compiled(self, where: str, block: Block) -> Fields:
        """Return a table of the file as functions; InvalidMapping."""
        return tuple(reader(f"{where}.{name}", name, spec, self.mapping) for name, spec in block.items())


class _Found(Struct, frozen=True):
    """The functions that find the parts, people or units of a record, and their fields.

    `named` tells whether the fields say who is who.
    """

    find: Many
    fields: Fields
    named: bool


_NEEDED = {"units": ("unit",), "linked_to": ("incident_number", "relation")}


def _may_be_read(record: Any) -> bool:
    return isinstance(record, dict | list)


def _elements(where: str, path: str, kind: Format) -> Many:
    try:
        return elements(path, kind)
    except InvalidMapping as problem:
        raise InvalidMapping(f"{where}: {problem}") from problem


def _itself(record: Any) -> list[Any]:
    return [record]


def _find(find: Many) -> Callable[[Any], list[Any]]:
    return lambda record: [item for item in find(record) if item is not None and not isinstance(item, str)]
