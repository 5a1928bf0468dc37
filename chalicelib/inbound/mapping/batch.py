"""A vendor's payload and an agency's mapping → the batch that the webhook's own body would have been."""

from datetime import datetime
from functools import lru_cache

import msgspec
from msgspec.structs import replace

from chalicelib.inbound.cad.read_updates import Batch, read_updates
from chalicelib.inbound.cad.rejected import Rejected
from chalicelib.inbound.mapping.file import read_mapping
from chalicelib.inbound.mapping.mapper import Mapped, Mapper


@lru_cache(maxsize=32)
def mapper_of(text: str) -> Mapper:
    """Return the mapper of a mapping file, compiled once; InvalidMapping."""
    return Mapper(read_mapping(text))


def read_mapped(mapper: Mapper, body: bytes, source_id: str, country: str, now: datetime) -> Batch:
    """Read a payload by a mapping, under the rules of the webhook; Malformed, Unacceptable."""
    reading = mapper.reading(body, now)
    if reading.passed_over and not reading.mapped:
        return Batch((), (), (), (), reading.passed_over)
    return replace(as_batch(reading.mapped, source_id, country, now), passed_over=reading.passed_over)


def as_batch(mapped: list[Mapped], source_id: str, country: str, now: datetime) -> Batch:
    """Return mapped updates as the webhook reads them; errors that the mapping found keep the mapping's words."""
    batch = read_updates(as_body(mapped), source_id, country, now)
    return replace(batch, rejected=tuple(_in_words(item, mapped[item.index]) for item in batch.rejected))


def as_body(mapped: list[Mapped]) -> bytes:
    """Return the body that a vendor who writes ours would have posted."""
    return msgspec.json.encode({"updates": [item.update for item in mapped]})


def _in_words(rejected: Rejected, mapped: Mapped) -> Rejected:
    if not mapped.problems:
        return rejected
    field, said = mapped.problems[0]
    return replace(rejected, error=f"updates[{rejected.index}]{'.' if field else ''}{field}: {said}")
