"""Read a mapping file. `docs/vendor/mapping.md` is this file in words.

A mapping is data: it says which path of a vendor's payload becomes which field of an update. Nothing that it does not
name is ever looked at again.
"""

import re
import tomllib
from collections.abc import Iterator
from typing import Any, Literal
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct

from chalicelib.domain.duration import Duration, decode_duration
from chalicelib.domain.incidents.facts import Facts, Link, Unit
from chalicelib.inbound.cad.several import WORDS
from chalicelib.inbound.cad.update_fields import PartyBody, UpdateBody
from chalicelib.inbound.mapping.patterns import picks_all, takes_long
from chalicelib.inbound.mapping.reach import reaches_too_far

Format = Literal["json", "xml", "rows", "text"]
FLAT = ("rows", "text")
"""Formats whose records have names for their cells, and nothing below them."""

Paths = str | tuple[str, ...]
Conditions = dict[str, str | tuple[str, ...]]
"""What must stand at some paths; `"*"` is anything, and a blank is nothing."""

OneOrMore = Conditions | tuple[Conditions, ...]
"""Conditions that must all hold together, or several such tables of which one must hold."""

NEVER_SENT = re.compile(
    r"(?:first|last|middle|sur|given|family|full|person|caller|complainant|victim|witness|suspect|contact|subject"
    r"|reporting[ _-]?party|(?<![a-z])rp|owner|driver|patient)[ _-]?names?$"
    r"|^ssn|ssn$|social[ _-]?sec|date[ _-]?of[ _-]?birth|birth[ _-]?date|birthday|^dob|dob$",
    re.IGNORECASE,
)
"""Names of fields that no update may have: names, social security numbers, dates of birth."""

FIELDS = frozenset(UpdateBody.__struct_fields__) - {
    "reporting_parties",
    "units",
    "linked_to",
    "first_seen",
    "as_of_now",
}
_TIMES = frozenset({"as_of", *(name for name in Facts.__struct_fields__ if name.endswith(("_at", "_for")))})
_NATURE = WORDS.keys() | {"offenses", "dispositions", "disposition"}
"""Fields of which a text stays whole that has another form than `pick` expects."""

_BLOCKS: dict[str, frozenset[str]] = {
    "parties": frozenset(PartyBody.__struct_fields__),
    "units": frozenset(Unit.__struct_fields__),
    "linked_to": frozenset(Link.__struct_fields__),
}


_INSIDE = re.compile(r"\s+>>\s+")
"""The step of a path from a text to the JSON that it is."""


class InvalidMapping(ValueError):
    """A mapping that can't be used; the text names the field or the line."""


class Source(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename={"from_": "from", "with_": "with"}):
    """Where to find one field's value, where a path alone does not say it.

    `from` is a path, or several of which the first with a value counts. `join` are paths whose texts are put together.
    `earliest` and `latest` choose among all times at their paths. `value` is the same for every record. `now` is the
    time at which the record was read. `first_seen` says that a time is only that of a first sight, as `now` always is:
    of several, the earliest counts. `when` names what must be so for any of it to count, `unless` what must not. Where
    what `taken_back` names is so, a time that is not there takes back what was said: a call is open again.
    """

    from_: Paths = ()
    join: tuple[str, ...] = ()
    with_: str = " "
    earliest: Paths = ()
    latest: Paths = ()
    value: str | int | bool | None = None
    now: bool = False
    first_seen: bool = False
    when: Conditions = {}
    unless: Conditions = {}
    taken_back: Conditions = {}
    pick: str = ""
    split: str = ""
    dates: tuple[str, ...] = ()
    time_zone: str = ""

    @property
    def sent(self) -> tuple[str, ...]:
        """Return every path of which the value may be sent."""
        groups = (self.from_, self.join, self.earliest, self.latest)
        return tuple(path for group in groups for path in as_paths(group))

    @property
    def paths(self) -> tuple[str, ...]:
        """Return every path that is looked at."""
        return (*self.sent, *self.when, *self.unless, *self.taken_back)


Spec = str | tuple[str, ...] | Source
Block = dict[str, Spec]


class References(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a document's parts name one another: an object with `ref` alone stands for the one with that `id`."""

    id: str = "$id"
    ref: str = "$ref"


class Document(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which documents are taken. `empty` says that one without a record is normal: a snapshot at a quiet hour."""

    only: OneOrMore = ()
    skip: OneOrMore = ()
    empty: bool = False


class Replay(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How `tenfour replay` makes a past call's messages from one row.

    Fields in `told_at_close` come with the closing. `at_first` is what the call began with, where the row tells both.
    `blank_phones` and `pseudo_911_phones` are shares from 0 to 1 of callers who can't be texted.
    """

    settings: str
    told_at_close: tuple[str, ...] = ()
    at_first: Block = {}
    assume_closed_after: Duration = Duration(hours=1)
    blank_phones: float = 0.0
    pseudo_911_phones: float = 0.0


class Mapping(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How payloads of one kind become updates.

    Records that are none of `only`, or are of `skip`, are passed over: nothing of them is kept.
    """

    format: Format
    description: str = ""
    time_zone: str = ""
    dates: tuple[str, ...] = ("iso",)
    encoding: str = ""
    delimiter: str = ","
    country: str = "US"
    blank: tuple[str, ...] = ()
    snapshots: bool = False
    records: Paths = ()
    only: OneOrMore = ()
    skip: OneOrMore = ()
    document: Document = Document()
    lines: Paths = ()
    each: Literal["line", "document"] = "line"
    references: References | None = None
    fields: Block = {}
    parts: Block = {}
    parties: tuple[Block, ...] = ()
    units: tuple[Block, ...] = ()
    linked_to: Block = {}
    codes: dict[str, dict[str, str]] = {}
    replay: Replay | None = None

    def blocks(self) -> Iterator[tuple[str, frozenset[str], Block]]:
        """Yield every table of fields: its name in the file, the fields that it may have, and itself."""
        yield "fields", FIELDS, self.fields
        yield "parts", FIELDS | {"from"}, self.parts
        yield "linked_to", _BLOCKS["linked_to"] | {"from"}, self.linked_to
        for name, blocks in (("parties", self.parties), ("units", self.units)):
            yield from ((name, _BLOCKS[name] | {"from"}, block) for block in blocks)
        yield "replay.at_first", FIELDS, self.replay.at_first if self.replay else {}

    @property
    def paths(self) -> tuple[str, ...]:
        """Return every path that is looked at, but for that of the records."""
        specs = [spec for _, _, block in self.blocks() for spec in _of_record(block)]
        paths = [path for spec in specs for path in as_source(spec).paths]
        blocks = [path for path in as_paths(self.records) if inside(path)[1]]
        return tuple(dict.fromkeys(inside(path)[0] for path in (*paths, *self.conditions, *blocks)))

    @property
    def record_format(self) -> Format:
        """Return the format of a record: JSON where the records are in a text."""
        return "json" if any(inside(path)[1] for path in as_paths(self.records)) else self.format

    def format_within(self, block: Block) -> Format:
        """Return the format in which the fields of a table look."""
        path = block.get("from")
        return "json" if isinstance(path, str) and inside(path)[1] else self.record_format

    @property
    def conditions(self) -> tuple[str, ...]:
        """Return every path that decides whether a record or a document is passed over."""
        tables = (self.only, self.skip, self.document.only, self.document.skip)
        return tuple(dict.fromkeys(path for table in tables for each in as_conditions(table) for path in each))


def as_paths(paths: Paths) -> tuple[str, ...]:
    """Return one path or several as several."""
    return (paths,) if isinstance(paths, str) else paths


def inside(path: str) -> tuple[str, str]:
    """Return a path to a text, and the one in the JSON that the text is: blank where the path has no such step."""
    outer, *inner = _INSIDE.split(path.strip(), maxsplit=1)
    return outer, inner[0] if inner else ""


def _of_record(block: Block) -> Iterator[Spec]:
    """Yield the fields of a table that look in the record itself, and where its parts stand."""
    path = block.get("from")
    if isinstance(path, str) and inside(path)[1]:
        yield path
    else:
        yield from block.values()


def as_conditions(told: OneOrMore) -> tuple[Conditions, ...]:
    """Return one table of conditions or several as several."""
    return (told,) if isinstance(told, dict) else told


def as_source(spec: Spec) -> Source:
    """Return the long form of what may be written as a path alone."""
    return spec if isinstance(spec, Source) else Source(from_=spec)


def read_mapping(text: str) -> Mapping:
    """Read a mapping file; InvalidMapping."""
    try:
        told = tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        raise InvalidMapping(f"not TOML: {problem}") from problem
    for name in ("fields", "parts", "linked_to"):
        _convert_each(name, told.get(name))
    for name in ("parties", "units"):
        for block in told[name] if isinstance(told.get(name), list) else ():
            _convert_each(name, block)
    mapping: Mapping = _converted("", told, Mapping)
    for name, may, block in mapping.blocks():
        _check(name, may, block, mapping)
    if not {"incident_number", "incident_id"} & (mapping.fields | mapping.parts).keys():
        raise InvalidMapping("fields.incident_number: required, or incident_id")
    unknown = mapping.codes.keys() - {name for _, may, _ in mapping.blocks() for name in may}
    if unknown:
        raise InvalidMapping(f"codes.{min(unknown)}: no field of an update")
    _zone("time_zone", mapping.time_zone)
    _check_passing_over(mapping)
    return mapping


def _check_passing_over(mapping: Mapping) -> None:
    private = next((path for path in mapping.conditions if names_a_person(path)), None)
    if private:
        raise InvalidMapping(f"only, skip: {private!r}: names, social security numbers and dates of birth are not read")
    if mapping.format in FLAT and mapping.record_format == "json":
        raise InvalidMapping(f"records: of {mapping.format} each row or line is a record")
    if mapping.format in FLAT and (mapping.document.only or mapping.document.skip):
        raise InvalidMapping(f"document: {mapping.format} have no place outside their records: use `only` and `skip`")


def _convert_each(block: str, told: Any) -> None:
    """Convert each field of a table by itself: of a whole table, msgspec does not say which field is wrong."""
    for name, spec in told.items() if isinstance(told, dict) else ():
        _converted(f"{block}.{name}", spec, Spec)


def _converted(where: str, told: Any, kind: Any) -> Any:
    try:
        return msgspec.convert(told, kind, dec_hook=decode_duration)
    except msgspec.ValidationError as problem:
        message, _, path = str(problem).replace("`", "").partition(" - at $")
        field = (where + path.replace("[...]", ".*")).lstrip(".")
        message = message.replace("Object contains unknown field", "unknown key")
        raise InvalidMapping(f"{field}: {message}" if field else message) from problem


def _check(name: str, may: frozenset[str], block: Block, mapping: Mapping) -> None:
    for field, spec in block.items():
        where = f"{name}.{field}"
        if field not in may:
            raise InvalidMapping(f"{where}: no field of an update")
        source = as_source(spec)
        private = next(filter(None, map(names_a_person, source.paths)), None)
        if private:
            raise InvalidMapping(
                f"{where}: {private!r}: names, social security numbers and dates of birth are not sent"
            )
        _zone(f"{where}.time_zone", source.time_zone)
        _pattern(f"{where}.pick", source.pick)
        if field != "from":
            _check_reach(where, field, source, mapping.format_within(block), own="from" in block)


def _check_reach(where: str, field: str, source: Source, kind: Format, *, own: bool) -> None:
    for path in (
        path for group in (source.from_, source.join, source.earliest, source.latest) for path in as_paths(group)
    ):
        if own and kind == "xml" and path == ".":
            continue  # the element that `from` names
        reason = reaches_too_far(
            path,
            kind,
            time=field in _TIMES,
            picked=bool(source.pick) and not picks_all(source.pick) and field not in _NATURE,
            email=field == "email",
            person=where.startswith("parties."),
            own=own and where.startswith("parties."),
        )
        if reason:
            raise InvalidMapping(f"{where}: {path!r}: {reason}")


def names_a_person(path: str) -> str:
    """Return the part of a path that leads to what no update has; blank where there is none."""
    words = re.split(r"[./\[\]@*|&()>]+", path.strip("\"' "))
    return next((word for word in map(str.strip, words) if NEVER_SENT.search(word.strip("\"'`"))), "")


def _zone(where: str, name: str) -> None:
    try:
        _ = ZoneInfo(name) if name else None
    except (ValueError, OSError, LookupError) as problem:
        raise InvalidMapping(f"{where}: no time zone {name!r}") from problem


def _pattern(where: str, pattern: str) -> None:
    try:
        groups = re.compile(pattern).groups if pattern else 1
    except (re.error, RecursionError, OverflowError) as problem:
        raise InvalidMapping(f"{where}: {problem}") from problem
    if groups != 1:
        raise InvalidMapping(f"{where}: expected one pair of parentheses around what is picked")
    if pattern and takes_long(pattern):
        raise InvalidMapping(
            f"{where}: it may take too long: begin it with ^, put no repeat into a repeat, and say how long the others "
            "may be, such as {1,40}"
        )
