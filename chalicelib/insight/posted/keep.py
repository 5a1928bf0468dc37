"""A request as its sender may read it back: names of fields, never their values."""

import re
from collections.abc import Iterator
from datetime import datetime

from msgspec.structs import replace

from chalicelib.domain.incidents.posted import Posted, PostedUpdate
from chalicelib.domain.incidents.update import Update
from chalicelib.flow.incidents.receive import Received
from chalicelib.inbound.cad.read_updates import Batch
from chalicelib.insight.mask import Mask

MOST_NAMES = 60
LONGEST_ERROR = 200

_QUOTED = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"|“[^”]*”")
_MASK = Mask()


def posted_of(batch: Batch, name: str, at: datetime, received: Received) -> Posted:
    """Return what became of a request that could be read."""
    gone = {one.index: one.fields for one in batch.as_sent(received.taken_back)}
    return Posted(
        id=name,
        at=at,
        answer=batch.answer,
        accepted=received.accepted,
        duplicates=received.duplicates,
        rejected=len(batch.rejected),
        updates=tuple(replace(one, taken_back=gone.get(one.index, ())[:MOST_NAMES]) for one in _updates(batch)),
        passed_over=batch.passed_over,
    )


def refused(name: str, at: datetime, answer: int, error: str) -> Posted:
    """Return what became of a request that was refused as a whole."""
    return Posted(id=name, at=at, answer=answer, error=without_values(error))


def without_values(error: str) -> str:
    """Return an error without the values that it quotes."""
    return _MASK.text(_QUOTED.sub("…", error))[:LONGEST_ERROR]


def _updates(batch: Batch) -> Iterator[PostedUpdate]:
    rejected = {one.index: (one, told) for one, told in zip(batch.rejected, batch.set_aside, strict=True)}
    taken = iter(batch.updates)
    for index in range(len(batch.updates) + len(rejected)):
        if index in rejected:
            one, told = rejected[index]
            error, number = without_values(one.error), one.incident_number
            names, known_id = tuple(told)[:MOST_NAMES], one.incident_id or ""
            yield PostedUpdate(index=index, incident_number=number, incident_id=known_id, fields=names, rejected=error)
        else:
            yield _taken(index, next(taken))


def _taken(index: int, update: Update) -> PostedUpdate:
    parties = (
        f"reporting_parties[{place}].{name}" for place, told in enumerate(update.parties.values()) for name in told
    )
    names = [*update.facts, *(latch.value for latch in sorted(update.latches)), *parties]
    return PostedUpdate(
        index=index,
        incident_number=update.incident_number,
        incident_id=update.incident_id,
        update_id=update.update_id,
        as_of=update.as_of,
        fields=tuple(names[:MOST_NAMES]),
    )
