"""An extract's cases as the virtual city takes them."""

from collections.abc import Iterable, Iterator
from datetime import datetime

import msgspec

from chalicelib.domain.incidents.update import Update
from chalicelib.domain.settings.agency import Agency
from chalicelib.inbound.cad.read_updates import read_updates
from chalicelib.virtual.clock import Told
from chalicelib.virtual.extract import Case, Unreadable


def as_updates(case: Case, country: str) -> Iterator[tuple[datetime, Update]]:
    """Read a case's messages as the webhook would; ValueError with the webhook's own words where it would not."""
    for place, message in enumerate(case.messages):
        body = msgspec.json.encode({"updates": [message.body]})
        batch = read_updates(body, f"{case.incident_number}:{place}", country, message.at)
        if batch.rejected:
            raise ValueError(batch.rejected[0].error)
        yield message.at, batch.updates[0]


def told_by(cases: Iterable[Case], agency: Agency) -> tuple[list[Told], list[Unreadable]]:
    """Return every update of the cases, and the rows that the webhook would have rejected."""
    told: list[Told] = []
    rejected: list[Unreadable] = []
    for case in cases:
        try:
            updates = list(as_updates(case, agency.country))
        except ValueError as problem:
            rejected.append(Unreadable(case.line, str(problem)))
            continue
        told += [Told(at, len(told) + place, update) for place, (at, update) in enumerate(updates)]
    return told, rejected
