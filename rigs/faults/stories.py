"""Stories of made-up incidents: what dispatch systems tell, and what the callers must get."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct, field

from chalicelib.domain.names import Kind
from chalicelib.virtual.fiction import fictional_email, fictional_phone
from chalicelib.virtual.town.callers import party
from chalicelib.virtual.town.calls import call

ACK, DELAY, OUTCOME, CASE, SURVEY = Kind.ACKNOWLEDGMENT, Kind.DELAY, Kind.OUTCOME, Kind.CASE_NUMBER, Kind.SURVEY


class Word(Struct, frozen=True):
    """One update, so long after the call."""

    after: timedelta
    facts: dict[str, Any]


class Story(Struct, frozen=True, kw_only=True):
    """One incident: who calls, when, what is told of it, when they say STOP, and what they must get."""

    name: str
    number: str
    phone: str
    email: str = ""
    at: datetime
    words: tuple[Word, ...]
    stops_after: timedelta | None = None
    due: frozenset[Kind] = frozenset()


class Plot(Struct, frozen=True, kw_only=True):
    """How a kind of incident goes, in minutes after the call, with `_at` for what happened just then."""

    type: str = "NOISE"
    words: tuple[tuple[int, dict[str, Any]], ...]
    first: dict[str, Any] = field(default_factory=dict)
    stops_after: int | None = None
    due: frozenset[Kind]


def _closed(disposition: str, **more: Any) -> dict[str, Any]:
    return {"closed_at": None, "dispositions": [disposition], **more}


_CAME = {"dispatched_at": None, "arrived_at": None}

PLOTS = {
    "handled": Plot(words=((12, _CAME), (40, _closed("HAN"))), due=frozenset({ACK, OUTCOME, SURVEY})),
    "waits": Plot(words=((50, _CAME), (75, _closed("GOA"))), due=frozenset({ACK, DELAY, OUTCOME})),
    "theft": Plot(
        type="THEFT-COLD",
        words=((20, _CAME), (45, _closed("RPT")), (60, {"case_numbers": ["26-104"]})),
        due=frozenset({ACK, OUTCOME, CASE, SURVEY}),
    ),
    "stops": Plot(words=((12, _CAME), (55, _closed("HAN"))), stops_after=4, due=frozenset({ACK})),
    "re-typed": Plot(
        words=((15, {"incident_type_description": "Domestic violence"}), (20, _CAME), (50, _closed("HAN"))),
        due=frozenset({ACK}),
    ),
    "sensitive": Plot(
        first={"incident_type_description": "Domestic violence"},
        words=((20, _CAME), (50, _closed("HAN"))),
        due=frozenset(),
    ),
    "cancelled": Plot(words=((10, _closed("CAN", cancelled_at=None)),), due=frozenset({ACK, OUTCOME})),
}
_HOW_OFTEN = (30, 22, 22, 8, 6, 6, 6)
_BY_EMAIL = 0.15


def stories(dice: random.Random, many: int, first_caller: int, start: datetime, over: timedelta) -> Iterator[Story]:
    """Yield so many incidents, spread over a time; each caller calls once."""
    for order in range(many):
        name = dice.choices(list(PLOTS), _HOW_OFTEN)[0]
        plot, caller = PLOTS[name], first_caller + order
        by_email = dice.random() < _BY_EMAIL and plot.stops_after is None
        yield Story(
            name=name,
            number=f"F26-{caller:06}",
            phone="" if by_email else fictional_phone(caller),
            email=fictional_email(caller) if by_email else "",
            at=start + over * order / many,
            words=tuple(_words(plot, "" if by_email else fictional_phone(caller), fictional_email(caller))),
            stops_after=None if plot.stops_after is None else timedelta(minutes=plot.stops_after),
            due=plot.due,
        )


def _words(plot: Plot, phone: str, email: str) -> Iterator[Word]:
    caller = party(phone) if phone else party(email=email)
    yield Word(timedelta(), {**call(None, caller, incident_type=plot.type), **plot.first})
    for minutes, facts in plot.words:
        yield Word(timedelta(minutes=minutes), facts)
