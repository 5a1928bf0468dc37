"""JSON → its value, of a body or of a text in which JSON stands."""

from functools import lru_cache
from typing import Any

import msgspec
from msgspec import Raw

from chalicelib.inbound.cad.json_repair import any_said_twice, with_every_value, without_half_characters
from chalicelib.inbound.mapping.values import Unfit

_NO_JSON = "expected JSON in the text there"


def json_value(raw: bytes) -> Any:
    """Return a value; ValueError. A name that an object has twice has the list of its values: no word is hidden."""
    whole = without_half_characters(raw) if b"\\u" in raw else raw
    known = msgspec.json.decode(whole)
    return with_every_value(Raw(whole)) if any_said_twice(whole) else known


def value_inside(found: Any) -> Any:
    """Return the value of a text that is JSON, None of a blank; what is no text is that itself. Unfit."""
    if not isinstance(found, str):
        return found
    return _read(found) if found.strip() else None


@lru_cache(maxsize=16)
def _read(text: str) -> Any:
    """Read a text once for all the fields that are in it; nobody changes what comes out."""
    try:
        return json_value(text.encode())
    except (ValueError, RecursionError) as problem:
        raise Unfit(_NO_JSON) from problem
