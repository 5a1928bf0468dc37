"""One look at a notifier, for `tenfour feed check`: subscribe, read what comes first, and unsubscribe."""

import time
from datetime import UTC, datetime
from pathlib import Path

from chalicelib.inbound.cad.read_updates import Malformed, Unacceptable
from chalicelib.inbound.mapping.mapper import Mapped, Mapper
from feed.eido.failure import EidoFailed
from feed.eido.opening import Dial
from feed.eido.records import records_of
from feed.eido.session import Session
from feed.eido.settings import Eido


def of_eido(file: Path, eido: Eido, mapper: Mapper, most: int) -> list[Mapped]:
    """Return what the notifier tells at first; EidoFailed, BadFeed. Nothing is stored, so nothing is answered."""
    begun = time.monotonic()
    session = Session(eido, Dial(file, eido)(), lambda _: None, begun)
    found: list[Mapped] = []
    try:
        for event in session.events(eido.answer_within.total_seconds(), begun):
            found += [item for one in event.notification for item in _read(mapper, bytes(one))]
            if len(found) >= most or not event.notification:
                break
        if session.subscription.name is None:
            raise EidoFailed(f"the subscription was not answered within {eido.answer_within}")
    finally:
        session.end()
    return found[:most]


def _read(mapper: Mapper, eido: bytes) -> list[Mapped]:
    try:
        return [item for record in records_of(mapper, eido) for item in mapper.map(record, datetime.now(UTC))]
    except (Malformed, Unacceptable) as problem:
        return [Mapped({}, (("notification", str(problem)),))]
