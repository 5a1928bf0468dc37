"""Try a mapping on a sample: what comes out field by field, what is ignored, and what is missing.

`tenfour mapping check` shows it of a file, and the webhook of what was posted with `?check=1`.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from msgspec import Struct

from chalicelib.domain.incidents.update import Evidence
from chalicelib.inbound.cad.read_updates import Batch, Malformed, Unacceptable
from chalicelib.inbound.mapping.allowed import not_allowed
from chalicelib.inbound.mapping.batch import as_batch
from chalicelib.inbound.mapping.file import InvalidMapping, Mapping, Spec, as_paths, as_source, read_mapping
from chalicelib.inbound.mapping.losses import losses
from chalicelib.inbound.mapping.mapper import Mapped, Mapper
from chalicelib.inbound.mapping.naming import changing_names
from chalicelib.inbound.mapping.payload import read_document
from chalicelib.insight.mapping.watch import leaves, leaves_of_xml, watched
from chalicelib.insight.mapping.zeros import zero_dates
from chalicelib.insight.settings.worklist import free_text

_EMPTY = "; if an empty snapshot is normal, say `document = {empty = true}`"
_POSITION = re.compile(r"^updates\[\d+\][.:] ?")
MOST_UPDATES = 100
"""As many as the webhook takes at once: a longer sample is looked at in such pieces."""


class FieldLine(Struct, frozen=True):
    """One field of an update: where it comes from, what comes out, and why not, where nothing does."""

    field: str
    source: str
    value: Any = None
    problem: str = ""


class Outcome(Struct, frozen=True):
    """One update that comes out, and the webhook's word on it: blank where it would be taken."""

    incident_number: str
    lines: tuple[FieldLine, ...]
    error: str


class Checked(Struct, frozen=True):
    """The updates that a mapping makes of a sample."""

    records: int
    outcomes: tuple[Outcome, ...]
    ignored: dict[str, int]
    missing: tuple[str, ...]
    free_text: dict[str, int]
    losses: tuple[str, ...] = ()
    not_allowed: tuple[str, ...] = ()
    passed_over: int = 0
    zero_dates: dict[str, tuple[str, ...]] = {}
    changing_names: tuple[str, ...] = ()

    @property
    def good(self) -> bool:
        """Tell whether the webhook would take every update, with every word about its nature.

        There must be one, or all must be passed over as the mapping says.
        """
        wrong = self.losses or self.not_allowed or any(outcome.error for outcome in self.outcomes)
        return bool(self.outcomes or self.passed_over) and not wrong


def load_mapping(path: Path) -> Mapper:
    """Read a mapping file; InvalidMapping with the file's name, OSError."""
    try:
        return Mapper(read_mapping(path.read_text(encoding="utf-8")))
    except (UnicodeDecodeError, InvalidMapping) as problem:
        raise InvalidMapping(f"{path}: {problem}") from problem


def check(mapper: Mapper, sample: Path, now: datetime) -> Checked:
    """Map a sample; InvalidMapping with the sample's name where it can't be read at all, OSError."""
    try:
        return look(mapper, sample.read_bytes(), now)
    except (Malformed, Unacceptable) as problem:
        raise InvalidMapping(f"{sample}: {problem}") from problem


def look(mapper: Mapper, body: bytes, now: datetime) -> Checked:
    """Map what was sent; Malformed, Unacceptable."""
    mapping, seen = mapper.mapping, set[str]()
    document = read_document(body, mapping)
    there = list(_there(document, mapper))
    seeing = watched(document, "", seen)
    try:
        records = mapper.records(seeing)
    except Unacceptable as problem:
        root = f"; the root element is <{document[0].tag}>" if mapping.format == "xml" else ""
        empty = _EMPTY if mapper.has_the_place(document) else ""
        raise Unacceptable(f"{problem}{root}{empty}") from problem
    whole = int(not records and mapper.passes_over_document(seeing))
    passed_over = [record for record in records if mapper.passes_over(record)]
    mapped = [item for record in records for item in mapper.map(record, now)]
    batches = list(_batches(mapped, mapping, now))
    errors = [error for batch in batches for error in _errors(batch)]
    outcomes = tuple(_outcome(item, error, mapping) for item, error in zip(mapped, errors, strict=True))
    ignored = Counter(path.removeprefix("[].") for path, asked in there if not asked and _whole(path) not in seen)
    missing = [name for name in _wanted(mapping) if not any(_says(outcome, name) for outcome in outcomes)]
    return Checked(
        len(records),
        outcomes,
        dict(ignored),
        tuple(missing),
        _free_text(batches),
        (*losses(mapping), *_beside(mapper, passed_over, mapped, now)),
        not_allowed(mapping),
        len(passed_over) + whole,
        zero_dates(mapping, [record for record in records if not mapper.passes_over(record)]),
        changing_names(mapping),
    )


def _beside(mapper: Mapper, passed_over: list[Any], mapped: list[Mapped], now: datetime) -> Iterator[str]:
    """Yield a loss where records are passed over that are of a call of which others are taken."""
    taken = {item.update.get("incident_number") for item in mapped} - {None}
    told = [next(mapper.map_all(record, now), None) for record in passed_over]
    lost = sum(1 for item in told if item and item.update.get("incident_number") in taken)
    if lost:
        yield (
            f"only, skip: {lost} of the records that are passed over are of calls of which others are taken: take "
            "them all, and say `when` at the fields that they may not change"
        )


def _whole(path: str) -> str:
    """Return the path of the list in which a value stands: who asks for a list asks for all that it holds."""
    while path.endswith("[]"):
        path = path.removesuffix("[]")
    return path


def _there(document: Any, mapper: Mapper) -> Iterator[tuple[str, bool]]:
    if mapper.mapping.format == "xml":
        yield from leaves_of_xml(document, mapper)
    else:
        yield from ((path, False) for path in leaves(document))


def _batches(mapped: list[Mapped], mapping: Mapping, now: datetime) -> Iterator[tuple[int, Batch]]:
    """Yield each piece's length and batch, as the webhook reads it."""
    for start in range(0, len(mapped), MOST_UPDATES):
        piece = mapped[start : start + MOST_UPDATES]
        yield len(piece), as_batch(piece, "check", mapping.country, now)


def _errors(piece: tuple[int, Batch]) -> Iterator[str]:
    length, batch = piece
    errors = {item.index: _POSITION.sub("", item.error) for item in batch.rejected}
    yield from (errors.get(index, "") for index in range(length))


def _free_text(pieces: list[tuple[int, Batch]]) -> dict[str, int]:
    """Return the fields about the nature that hold free text, and how many different values the sample has."""
    at: defaultdict[Evidence, set[str]] = defaultdict(set)
    for update in (update for _, batch in pieces for update in batch.updates):
        for item in update.evidence:
            at[item].add(update.incident_number or update.incident_id)
    return free_text(at)


def _outcome(mapped: Mapped, error: str, mapping: Mapping) -> Outcome:
    if not mapped.update:
        return Outcome("?", (), error)
    problems = dict(mapped.problems)
    blocks = {**mapping.fields, **{name: spec for name, spec in mapping.parts.items() if name != "from"}}
    lines = [
        FieldLine(name, described(spec), mapped.update.get(name), problems.get(name, ""))
        for name, spec in blocks.items()
    ]
    for name in ("reporting_parties", "units", "linked_to"):
        if name in mapped.update:
            source = {"reporting_parties": mapping.parties, "units": mapping.units}.get(name, (mapping.linked_to,))
            lines.append(
                FieldLine(
                    name, ", ".join(str(block.get("from", "the record")) for block in source), mapped.update[name]
                )
            )
    named = mapped.update.get("incident_number") or mapped.update.get("incident_id")
    return Outcome(str(named or "?"), tuple(lines), error)


def _wanted(mapping: Mapping) -> Iterator[str]:
    """Yield what an update is poor without, mapped or not."""
    yield from ("incident_number", "as_of", "incident_type", "received_at", "arrived_at", "closed_at", "dispositions")
    yield "reporting_parties"
    yield from (name for name in {**mapping.fields, **mapping.parts} if name not in _POOR_WITHOUT and name != "from")


_POOR_WITHOUT = {"incident_number", "as_of", "incident_type", "received_at", "arrived_at", "closed_at", "dispositions"}


def _says(outcome: Outcome, name: str) -> bool:
    return any(line.field == name and line.value not in (None, [], "") for line in outcome.lines)


def described(spec: Spec) -> str:
    """Return where a field comes from, in the words of the file."""
    source = as_source(spec)
    if source.value is not None:
        return f"always {source.value!r}"
    if source.now:
        return "the time of reading"
    for word, paths in (("earliest of ", source.earliest), ("latest of ", source.latest), ("", source.join)):
        if paths:
            return word + (" + " if paths is source.join else ", ").join(as_paths(paths))
    return " or ".join(as_paths(source.from_))
