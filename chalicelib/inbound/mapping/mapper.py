"""Map a payload to updates as the webhook has them.

A mapping is compiled once: each field is a function of the record and of the time at which it was read. A value that
does not fit is left as it came. The webhook's own rules then reject that update, name the field and keep what holds.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from itertools import islice
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from chalicelib.inbound.cad.read_updates import Unacceptable
from chalicelib.inbound.cad.update_fields import MOST_UPDATES
from chalicelib.inbound.mapping.conditions import passing_over, passing_over_documents
from chalicelib.inbound.mapping.empty import place_is_there
from chalicelib.inbound.mapping.fields import INSTANTS, FieldReader, reader
from chalicelib.inbound.mapping.file import FLAT, Block, Format, InvalidMapping, Mapping, as_paths, as_source, inside
from chalicelib.inbound.mapping.lines import check_lines
from chalicelib.inbound.mapping.nature import as_it_is
from chalicelib.inbound.mapping.paths import Many, elements
from chalicelib.inbound.mapping.payload import read_document
from chalicelib.inbound.mapping.references import resolve
from chalicelib.inbound.mapping.row import Row
from chalicelib.inbound.mapping.units import each_unit, once
from chalicelib.inbound.mapping.values import Unfit

REQUIRED = ("incident_number", "as_of")
"""An update with an `incident_id` needs no number."""

Fields = tuple[FieldReader, ...]
"""In the order of the file."""


class Mapped(Struct, frozen=True):
    """One update, and its fields that do not fit: the field, and what was expected."""

    update: dict[str, Any]
    problems: tuple[tuple[str, str], ...] = ()


class Reading(Struct, frozen=True):
    """A payload's updates, and how many records were passed over; an empty or unwanted document counts as one."""

    mapped: list[Mapped]
    passed_over: int = 0


class Mapper:
    """A compiled mapping; InvalidMapping where a path in it is invalid."""

    def __init__(self, mapping: Mapping) -> None:
        self.mapping = mapping
        check_lines(mapping)
        self._snapshots = mapping.snapshots
        as_of = mapping.parts.get("as_of", mapping.fields.get("as_of"))
        self._reads_clock = as_of is not None and as_source(as_of).now
        self._records = [_elements("records", path, mapping.format) for path in as_paths(mapping.records)]
        self._record_format = mapping.record_format
        self.fields = self.compiled("fields", mapping.fields)
        self._is_passed_over, self._is_other = passing_over(mapping), passing_over_documents(mapping)
        self._parts = self._block("parts", mapping.parts) if mapping.parts else None
        self._parties = [self._block("parties", block) for block in mapping.parties]
        self._units = [self._block("units", block) for block in mapping.units]
        self._linked = self._block("linked_to", mapping.linked_to) if mapping.linked_to else None

    def read(self, body: bytes, now: datetime) -> list[Mapped]:
        """Return a payload's updates, of too many only one more than may be; Malformed, Unacceptable."""
        return self.reading(body, now).mapped

    def reading(self, body: bytes, now: datetime) -> Reading:
        """Return a payload's updates, and how many records were passed over; Malformed, Unacceptable."""
        document = read_document(body, self.mapping)
        records = self.records(document)
        wanted = [record for record in records if not self.passes_over(record)]
        mapped = (mapped for record in wanted for mapped in self.map_all(record, now))
        whole = int(not records and self.passes_over_document(document))
        return Reading(list(islice(mapped, MOST_UPDATES + 1)), len(records) - len(wanted) + whole)

    def passes_over(self, record: Any) -> bool:
        """Tell whether nothing of a record is wanted."""
        unreadable = isinstance(record, str) or (isinstance(record, Row) and record.reason)
        return not unreadable and self._is_passed_over(record)

    def passes_over_document(self, document: Any) -> bool:
        """Tell whether nothing of a document is wanted, or whether it may be as empty as it is; Unacceptable."""
        if self.mapping.format in FLAT:
            return bool(self.mapping.document.empty and not document)
        return self._is_other(document) or (self.mapping.document.empty and self._is_empty(document))

    def _is_empty(self, document: Any) -> bool:
        """Tell whether a document has the place of its records, and nothing there."""
        if any(find(document) for find in self._records):
            return False
        if not self._records:
            return bool(document == [])
        return self.has_the_place(document)

    def has_the_place(self, document: Any) -> bool:
        """Tell whether a document has the place where records would stand."""
        return any(place_is_there(path, document, self.mapping.format) for path in as_paths(self.mapping.records))

    def records(self, document: Any) -> list[Any]:
        """Return a document's records; Unacceptable where there are none and it is not passed over, Malformed."""
        if self.mapping.format in FLAT:
            return list(document)
        if self.passes_over_document(document):
            return []
        found = next(filter(None, (find(document) for find in self._records)), None)
        if found is None:
            if self._records:
                raise Unacceptable(f"records: nothing at {' or '.join(as_paths(self.mapping.records))}")
            found = list(document) if self.mapping.format == "xml" or isinstance(document, list) else [document]
        if self._record_format == "json":
            if found and not any(map(_may_be_read, found)):
                raise Unacceptable("records: expected objects or lists")
            if self.mapping.references:
                known = self.mapping.references
                return [resolve(record, known) if _may_be_read(record) else record for record in found]
        return found

    def map(self, record: Any, now: datetime) -> Iterator[Mapped]:
        """Yield what one record tells: one update, or one for each of its parts; nothing if it is passed over."""
        if not self.passes_over(record):
            yield from self.map_all(record, now)

    def map_all(self, record: Any, now: datetime) -> Iterator[Mapped]:
        """Yield what one record tells, whether or not it is passed over."""
        if isinstance(record, Row) and record.reason:
            yield Mapped({}, (("", f"line {record.line}: {record.reason}"),))
            return
        if self._record_format == "json" and not _may_be_read(record):
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
            seen = [*dict.fromkeys((*update.get("first_seen", ()), *more.get("first_seen", ())))]
            both = {**update, **more}
            if "first_seen" in both:
                both["first_seen"] = [name for name in seen if both.get(name) is not None]
            yield self._complete(both, [*problems, *wrong])

    def _add_people(self, update: dict[str, Any], problems: list[tuple[str, str]], record: Any, now: datetime) -> None:
        if self._parties:
            people = self._people(record, now, problems)
            if people or self._snapshots:
                update["reporting_parties"] = people
        if self._units:
            units = [unit for block in self._units for unit in self._entries("units", block, record, now, problems)]
            if units or self._snapshots:
                update["units"] = once(units)
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
            told, wrong = self.told(block.fields, item, now)
            if all(any(map(told.get, keys)) for keys in _NEEDED[name]):
                problems += [(f"{name}.{field}", said) for field, said in wrong]
                for entry in each_unit(told) if name == "units" else (told,):
                    yield {key: value for key, value in entry.items() if value is not None}

    def told(self, fields: Fields, record: Any, now: datetime) -> tuple[dict[str, Any], list[tuple[str, str]]]:
        """Return what a record says in these fields, and which of them do not fit."""
        told: dict[str, Any] = {}
        problems: list[tuple[str, str]] = []
        snapshots = self._snapshots
        seen: list[str] = []
        for name, read, raw, first_seen, back in fields:
            if first_seen:
                seen.append(name)
            try:
                value = read(record, now)
            except Exception as problem:  # noqa: BLE001  one unfit field must not cost its neighbours
                problems.append((name, str(problem) if isinstance(problem, Unfit) else "it can't be read"))
                told[name] = _unfit(name, as_it_is(name, raw, record))
                continue
            if value is not None or (snapshots and not first_seen) or (back and back(record)):
                told[name] = value
        if seen and (there := [name for name in seen if told.get(name) is not None]):
            told["first_seen"] = there
        return told, problems

    def _complete(self, update: dict[str, Any], problems: Iterable[tuple[str, str]]) -> Mapped:
        for name in REQUIRED:
            if update.get(name) is None and not (name == "incident_number" and update.get("incident_id")):
                update.pop(name, None)
                problems = (*problems, (name, "required, and nothing is there"))
        if self._reads_clock and "as_of" in update:
            update["as_of_now"] = True
        return Mapped(update, tuple(problems))

    def _block(self, name: str, block: Block) -> "_Found":
        path, fields = block.get("from"), self.compiled(name, block)
        if path is None:
            return _Found(_itself, fields, "party_id" in block)
        if not isinstance(path, str) or (self.mapping.format in FLAT and not inside(path)[1]):
            raise InvalidMapping(f"{name}.from: expected one path, and none in rows or text")
        find = _find(_elements(f"{name}.from", path, self._record_format))
        return _Found(find, fields, "party_id" in block)

    def compiled(self, where: str, block: Block) -> Fields:
        """Return a table of the file as functions; InvalidMapping."""
        fields = {name: spec for name, spec in block.items() if name != "from"}
        within = replace(self.mapping, format=self.mapping.format_within(block))
        return tuple(reader(f"{where}.{name}", name, spec, within) for name, spec in fields.items())


class _Found(Struct, frozen=True):
    """The functions that find the parts, people or units of a record, and their fields.

    `named` tells whether the fields say who is who.
    """

    find: Many
    fields: Fields
    named: bool


_NEEDED = {"units": (("unit",),), "linked_to": (("incident_number", "incident_id"), ("relation",))}
"""Of each of these, an entry says at least one."""


def _unfit(name: str, found: Any) -> Any:
    """Return what stands where a time was looked for in a form that no time has: the unfit one may be beside it."""
    return [found] if name in INSTANTS and isinstance(found, str) else found


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
