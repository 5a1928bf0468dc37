"""Domain objects as the JSON text that an item's `document` holds."""

from typing import TypeVar

import msgspec

from chalicelib.domain.duration import decode_duration, encode_duration

T = TypeVar("T")


def encode(value: object) -> str:
    """Write a domain object."""
    return msgspec.json.encode(value, enc_hook=encode_duration).decode()


def decode(document: str | None, kind: type[T]) -> T:
    """Read what `encode` wrote; ValidationError for anything else."""
    return msgspec.json.decode(document or "", type=kind, dec_hook=decode_duration)
