"""`tenfour mapping check`: what a mapping makes of a sample, field by field, what it ignores, and what is missing."""

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
from chalicelib.inbound.mapping.payload import read_document
from chalicelib.insight.settings.worklist import free_text
from tenfour.mapping.watch import leaves, leaves_of_xml, watched

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

    @property
    def good(self) -> bool:
        """Tell whether the webhook would take every update, with every word about its nature, and there is one."""
        wrong = self.losses or self.not_allowed or any(outcome.error for outcome in self.outcomes)
        return bool(self.outcomes) and not wrong


def load_mapping(path: Path) -> Mapper:
    """Read a mapping file; InvalidMapping with the file's name, OSError."""
    try:
        return Mapper(read_mapping(path.read_text(encoding="utf-8")))
    except (UnicodeDecodeError, InvalidMapping) as problem:
        raise InvalidMapping(f"{path}: {problem}") from problem


def check(mapper: Mapper, sample: Path, now: datetime) -> Checked:
    """Map a sample; InvalidMapping with the sample's name where it can't be read at all, OSError."""
    mapping, seen = mapper.mapping, set[str]()
    root = ""
    try:
        document = read_document(sample.read_bytes(), mapping)
        if mapping.format == "xml":
            root = f"; the root element is <{document[0].tag}>"
        there = list(_there(document, mapper))
        records = mapper.records(watched(document, "", seen))
    except (Malformed, Unacceptable) as problem:
        raise InvalidMapping(f"{sample}: {problem}{root}") from problem
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
        losses(mapping),
        not_allowed(mapping),
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
            at[item].add(update.incident_number)
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
    return Outcome(str(mapped.update.get("incident_number") or "?"), tuple(lines), error)


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
