"""A payload and a mapping → updates as the webhook has them.

Compiled once from the mapping: each field is a function of the record and of the time at which it was read. What does
not fit is left as it came, so that the webhook's own rules reject that update, name the field and keep what holds.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any

from msgspec import Struct

from chalicelib.inbound.cad import Unacceptable
from chalicelib.inbound.mapping.fields import FieldReader, as_it_is, reader
from chalicelib.inbound.mapping.file import Block, InvalidMapping, Mapping, as_paths
from chalicelib.inbound.mapping.paths import Many, elements
from chalicelib.inbound.mapping.payload import Row, read_document, resolve
from chalicelib.inbound.mapping.values import Unfit

REQUIRED = ("incident_number", "as_of")

Fields = tuple[FieldReader, ...]
"""In the order of the file."""


class Mapped(Struct, frozen=True):
    """One update, and what in it does not fit: the field, where it was looked for, and what was expected."""

    update: dict[str, Any]
    problems: tuple[tuple[str, str], ...] = ()


class Mapper:
    """What a mapping does; InvalidMapping where a path in it is none."""

    def __init__(self, mapping: Mapping) -> None:
        self.mapping = mapping
        self._snapshots = mapping.snapshots
        self._records = [elements(path, mapping.format) for path in as_paths(mapping.records)]
        self.fields = self.compiled("fields", mapping.fields)
        self._parts = self._block("parts", mapping.parts) if mapping.parts else None
        self._parties = [self._block("parties", block) for block in mapping.parties]
        self._units = [self._block("units", block) for block in mapping.units]
        self._linked = self._block("linked_to", mapping.linked_to) if mapping.linked_to else None

    def read(self, body: bytes, now: datetime) -> list[Mapped]:
        """Return a payload's updates; Malformed, Unacceptable."""
        return [
            mapped for record in self.records(read_document(body, self.mapping)) for mapped in self.map(record, now)
        ]

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
            if not all(isinstance(record, dict | list) for record in found):
                raise Unacceptable("records: expected objects or lists")
            if self.mapping.references:
                for record in found:
                    resolve(record, self.mapping.references)
        return found

    def map(self, record: Any, now: datetime) -> Iterator[Mapped]:
        """Yield what one record tells: one update, or one for each of its parts."""
        if isinstance(record, Row) and record.reason:
            yield Mapped({}, (("", f"line {record.line}: {record.reason}"),))
            return
        update, problems = self.told(self.fields, record, now)
        self._add_people(update, problems, record, now)
        if self._parts is None:
            yield self._complete(update, problems)
            return
        find, fields = self._parts
        for part in find(record):
            more, wrong = self.told(fields, part, now)
            yield self._complete({**update, **more}, [*problems, *wrong])

    def _add_people(self, update: dict[str, Any], problems: list[tuple[str, str]], record: Any, now: datetime) -> None:
        for name, blocks in (("reporting_parties", self._parties), ("units", self._units)):
            if blocks:
                listed = list(self._listed(name, blocks, record, now, problems))
                if listed or self._snapshots:
                    update[name] = listed
        if self._linked:
            found = list(self._listed("linked_to", [self._linked], record, now, problems))
            if found or self._snapshots:
                update["linked_to"] = found[0] if found else None

    def _listed(
        self,
        name: str,
        blocks: list[tuple[Many, Fields]],
        record: Any,
        now: datetime,
        problems: list[tuple[str, str]],
    ) -> Iterator[dict[str, Any]]:
        """Yield the entries of blocks that say who they are: without a number, a person is known by the place."""
        seen: set[str] = set()
        for find, fields in blocks:
            for item in find(record):
                entry, wrong = self.told(fields, item, now)
                if name == "reporting_parties":
                    named = any(field.name == "party_id" for field in fields)
                    entry["party_id"] = entry.get("party_id") if named else str(len(seen) + 1)
                    if entry["party_id"] is None or entry["party_id"] in seen:
                        continue
                    seen.add(entry["party_id"])
                elif not all(entry.get(key) for key in _NEEDED[name]):
                    continue
                else:  # these take the place of what was told before as a whole
                    entry = {key: value for key, value in entry.items() if value is not None}
                problems += [(f"{name}.{field}", said) for field, said in wrong]
                yield entry

    def told(self, fields: Fields, record: Any, now: datetime) -> tuple[dict[str, Any], list[tuple[str, str]]]:
        """Return what a record says in these fields, and which of them do not fit."""
        told: dict[str, Any] = {}
        problems: list[tuple[str, str]] = []
        snapshots = self._snapshots
        for name, read, raw in fields:
            try:
                value = read(record, now)
            except Unfit as unfit:
                problems.append((name, str(unfit)))
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

    def _block(self, name: str, block: Block) -> tuple[Many, Fields]:
        inner = {field: spec for field, spec in block.items() if field != "from"}
        path = block.get("from")
        if path is None:
            return _itself, self.compiled(name, inner)
        if not isinstance(path, str) or self.mapping.format == "rows":
            raise InvalidMapping(f"{name}.from: expected one path, and none in rows")
        return _find(elements(path, self.mapping.format)), self.compiled(name, inner)

    def compiled(self, where: str, block: Block) -> Fields:
        """Return a table of the file as functions; InvalidMapping."""
        return tuple(reader(f"{where}.{name}", name, spec, self.mapping) for name, spec in block.items())


_NEEDED = {"units": ("unit",), "linked_to": ("incident_number", "relation")}


def _itself(record: Any) -> list[Any]:
    return [record]


def _find(find: Many) -> Callable[[Any], list[Any]]:
    return lambda record: [item for item in find(record) if item is not None and not isinstance(item, str)]
