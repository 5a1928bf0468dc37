"""Domain objects as the text that an item's `document` holds: JSON, compressed where that saves a unit of DynamoDB's.

A unit is a kilobyte, twice in a transaction: an incident of six updates has two of them, compressed one. The same
document may be compressed to other bytes elsewhere, so a condition is on the text that was read, never on a new one.
"""

import zlib
from base64 import b64decode, b64encode
from typing import TypeVar

import msgspec

from chalicelib.domain.duration import decode_duration, encode_duration

T = TypeVar("T")

UNREADABLE = (msgspec.MsgspecError, ValueError, zlib.error)
"""What reading raises of a document that another release wrote, or that is damaged."""

_LONG = 400
"""Beyond so many bytes of JSON an item comes near its second kilobyte, with its names and what indexes show."""

_WINDOW, _MEMORY = 12, 5
"""Of zlib: as small as documents are. Its usual tables are 268 KB, and clearing them takes seven times as long."""

_COMPRESSED = "z"
"""No JSON begins so."""


def encode(value: object) -> str:
    """Write a domain object."""
    written = msgspec.json.encode(value, enc_hook=encode_duration)
    if len(written) < _LONG:
        return written.decode()
    compress = zlib.compressobj(wbits=_WINDOW, memLevel=_MEMORY)
    return _COMPRESSED + b64encode(compress.compress(written) + compress.flush()).decode()


def decode(document: str | None, kind: type[T]) -> T:
    """Read what `encode` wrote; ValidationError for anything else."""
    return msgspec.json.decode(plain(document or ""), type=kind, dec_hook=decode_duration)


def plain(document: str) -> bytes:
    """Return a document's JSON."""
    if document.startswith(_COMPRESSED):
        return zlib.decompress(b64decode(document.removeprefix(_COMPRESSED)))
    return document.encode()
