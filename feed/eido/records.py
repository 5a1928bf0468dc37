"""EIDOs as records of a mapping, and as the feed's changes."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from hashlib import blake2b
from typing import Any

import msgspec

from chalicelib.inbound.cad.read_updates import Malformed, Unacceptable
from chalicelib.inbound.mapping.mapper import Mapper
from chalicelib.inbound.mapping.payload import read_document
from feed.place import FeedChange
from feed.source import LONG_AGO, changes

BY_REFERENCE = (
    "told by reference: only the address of an EIDO came, and this feed asks for none; ask the notifier for whole EIDOs"
)
_ADDRESSES = ("https://", "http://")
_NAMES = ("incident_id", "incident_number")


def changes_of(mapper: Mapper, eido: bytes, origin: str, now: datetime) -> list[FeedChange]:
    """Return what an EIDO tells; one that can't be read is told as nothing but the reason."""
    try:
        return [change for record in records_of(mapper, eido) for change in _of(mapper, record, origin, now)]
    except Exception as problem:  # noqa: BLE001  one EIDO must not cost its neighbours
        said = str(problem) if isinstance(problem, Malformed | Unacceptable) else type(problem).__name__
        return [unread(eido, origin, said, now)]


def is_reference(eido: bytes) -> bool:
    """Tell whether an EIDO is only an address at which one can be asked for: alone, or in an object of nothing else."""
    with suppress(msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        told = msgspec.json.decode(eido)
        values = list(told.values()) if isinstance(told, dict) else [told]
        texts = [value for value in values if isinstance(value, str)]
        return len(texts) == len(values) and any(text.lower().startswith(_ADDRESSES) for text in texts)
    return False


def unread(eido: bytes, origin: str, said: str, now: datetime) -> FeedChange:
    """Return an EIDO that can't be read, to be set aside once however often it comes."""
    return FeedChange(
        f"eido\x1f\x1f{blake2b(eido, digest_size=16).hexdigest()}", now.timestamp(), {}, origin, said=said
    )


def records_of(mapper: Mapper, eido: bytes) -> list[Any]:
    """Return the records of one EIDO: in a notification, as they come, else by itself; Malformed, Unacceptable."""
    if mapper.mapping.records:
        with suppress(Unacceptable):
            whole = b'{"event":{"notification":[' + eido + b"]}}"
            return mapper.records(read_document(whole, mapper.mapping))
    return mapper.records(read_document(eido, mapper.mapping))


def _of(mapper: Mapper, record: Any, origin: str, now: datetime) -> Iterator[FeedChange]:
    """Yield what a record tells, known by the incident that it is about: an EIDO's own id may be new each time."""
    for item, compared in zip(mapper.map(record, now), mapper.map(record, LONG_AGO), strict=True):
        known = next((str(item.update[name]) for name in _NAMES if item.update.get(name)), "")
        named = f"incident {known}" if known else origin
        yield from changes([(item, compared)], f"eido\x1f{known}", now.timestamp(), named, now)
