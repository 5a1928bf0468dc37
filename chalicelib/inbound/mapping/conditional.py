"""Conditions of a field: what must be so in a record, and what must not, for the field to count."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from chalicelib.inbound.mapping.conditions import holding
from chalicelib.inbound.mapping.file import Format, Source

Read = Callable[[Any, datetime], Any]


def conditional(source: Source, kind: Format, blank: frozenset[str], read: Read) -> Read:
    """Return what reads a field only where all that `when` names is so, and nothing of what `unless` names."""
    if not (source.when or source.unless):
        return read
    needed = holding(source.when, kind, blank)
    barred = [holding({path: words}, kind, blank) for path, words in source.unless.items()]

    def read_or_not(record: Any, now: datetime) -> Any:
        return read(record, now) if needed(record) and not any(each(record) for each in barred) else None

    return read_or_not
