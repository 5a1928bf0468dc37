"""Find words of a mapping that its fields don't take: each update with one would be rejected."""

from collections.abc import Iterator
from typing import Any

from chalicelib.inbound.cad.update_fields import ALLOWED
from chalicelib.inbound.mapping.file import Mapping, as_source


def not_allowed(mapping: Mapping) -> tuple[str, ...]:
    """Return each word of the file that its field doesn't take, with those that it takes; nothing for a good file."""
    return tuple(dict.fromkeys(_not_allowed(mapping)))


def _not_allowed(mapping: Mapping) -> Iterator[str]:
    for name in mapping.codes.keys() & ALLOWED.keys():
        for theirs, ours in mapping.codes[name].items():
            yield from _said(f'codes.{name}."{theirs}"', name, ours)
    for block, _, fields in mapping.blocks():
        for name in fields.keys() & ALLOWED.keys():
            source = as_source(fields[name])
            if source.value is not None and name not in mapping.codes:
                yield from _said(f"{block}.{name}.value", name, source.value)


def _said(where: str, name: str, word: Any) -> Iterator[str]:
    if word != "" and word not in ALLOWED[name]:
        yield f"{where}: {word!r} is none of {', '.join(ALLOWED[name])}"
