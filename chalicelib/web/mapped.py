"""Posts of dispatch systems in their own format, read by a mapping that the agency published."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from chalicelib.boundary import Refused
from chalicelib.inbound.cad.cloud_events import read_each
from chalicelib.inbound.cad.read_updates import Batch
from chalicelib.inbound.mapping.batch import mapper_of, read_mapped
from chalicelib.inbound.mapping.file import InvalidMapping
from chalicelib.inbound.mapping.mapper import Mapper
from chalicelib.inbound.mapping.payload import MEDIA_TYPES, is_mapping_name, is_media_type
from chalicelib.web.letter import Letter
from chalicelib.wiring import Aws


def mapped_reader(
    agency_id: str, name: str, letter: Letter, world: Aws
) -> Callable[[bytes, str, str, datetime], Batch]:
    """Return how a published mapping reads a body, where it fits what the request says that it is; Refused."""
    reader = partial(read_mapped, published_mapper(agency_id, name, letter.media_type, world))
    if not letter.several:
        return reader
    return lambda _, source, country, at: read_each(reader, letter.several, source, country, at)


def published_mapper(agency_id: str, name: str, sent_as: str, world: Aws) -> Mapper:
    """Return a published mapping, where it fits what the request says that it is; Refused."""
    text = world.mappings.text(agency_id, name) if is_mapping_name(name) else None
    if text is None:
        raise Refused(404, "mapping: no such mapping is published")
    try:
        mapper = mapper_of(text)
    except InvalidMapping as problem:  # published under the rules of an earlier release
        raise Refused(503, f"mapping: {problem}", **{"Retry-After": "60"}) from None
    if not is_media_type(sent_as, mapper.mapping.format):
        raise Refused(415, f"content-type: expected {MEDIA_TYPES[mapper.mapping.format][0]}")
    return mapper
