"""A story: what happens in a city, one thing after another, and how punctual its functions are."""

from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any, Literal

from msgspec import Struct
from msgspec.structs import replace

Fields = dict[str, Any]


class Tell(Struct, frozen=True):
    """Dispatch or records system posts an update. Spans of time among its fields count from that moment.

    A `tie` has the time of another update to the microsecond; only there do the documents settle which one counts.
    """

    number: str
    fields: Fields
    as_of: float = 0.0
    source: Literal["cad", "rms"] = "cad"
    tie: bool = False


class Text(Struct, frozen=True):
    """Somebody texts."""

    phone: str
    words: str


class Hold(Struct, frozen=True):
    """A supervisor pauses sending, or lets it go on."""

    of: Literal["agency", "incident", "type", "beat", "kind"]
    which: str = ""
    holds: bool = True


class Beat(Struct, frozen=True):
    """The feed goes silent, or lives again."""

    lives: bool


class Free(Struct, frozen=True):
    """A person releases an incident."""

    number: str
    what: Literal["sensitive", "juvenile", "do_not_contact", "unsafe", "mass_call"]
    party_id: str = ""


class Publish(Struct, frozen=True):
    """Other settings are published, or the first ones again."""

    other: bool


Act = Tell | Text | Hold | Beat | Free | Publish


class Event(Struct, frozen=True):
    """Something that happens so many minutes after what went before.

    `at` says that it happens while a message is on its way: between the last look and the claim, or after the claim.
    `down` says that nothing of ours runs until then.
    """

    minutes: float
    act: Act
    at: Literal["", "claim", "claimed"] = ""
    down: bool = False


class Story(Struct, frozen=True):
    """Everything that happens. `lag` is how many seconds late functions are; lost hints leave all to the sweep."""

    start: datetime
    lag: float
    hints_lost: bool
    busy: int
    events: tuple[Event, ...]


_DAYS = (datetime(2026, 11, 21, tzinfo=UTC), datetime(2026, 10, 31, tzinfo=UTC), datetime(2027, 3, 13, tzinfo=UTC))
_RACES = (Tell, Text, Hold)


def write(rng: Random) -> Story:
    """Return the story of a seed: one of the plots, with things of chance in between."""
    from rigs.floor.plots import PLOTS, chance

    events = [*rng.choice(PLOTS)(rng)]
    for _ in range(rng.choice((0, 0, 0, 1, 2, 4))):
        events.insert(rng.randrange(1, len(events) + 1), chance(rng))
    if rng.random() < 0.15:  # noqa: PLR2004  dispatch's updates come in another order
        place = rng.randrange(len(events))
        late = events.pop(place)
        events.insert(min(len(events), place + rng.randrange(1, 4)), _late(late, events[place:]))
    return Story(
        start=rng.choice(_DAYS) + timedelta(minutes=rng.randrange(24 * 60)),
        lag=rng.choice((0, 0, 0, 0.5, 20, 45)),
        hints_lost=rng.random() < 0.15,  # noqa: PLR2004  seldom
        busy=rng.choice((0, 0, 0, 0, 1, 2)),
        events=tuple(_raced(rng, event) for event in events),
    )


def _late(event: Event, passed: list[Event]) -> Event:
    """Return an update that is heard late, with the time that it was of."""
    if not isinstance(event.act, Tell):
        return event
    behind = 60 * sum(each.minutes for each in passed[:1])
    fields = {
        name: value - timedelta(seconds=behind) if isinstance(value, timedelta) else value
        for name, value in event.act.fields.items()
    }
    return replace(event, act=replace(event.act, as_of=event.act.as_of - behind, fields=fields))


def _raced(rng: Random, event: Event) -> Event:
    """Let some things happen in the middle of others, or after an outage."""
    drawn = rng.random()
    if event.at:
        return event
    if isinstance(event.act, _RACES) and drawn < 0.15:  # noqa: PLR2004  often enough
        paused = isinstance(event.act, Hold) and event.act.holds
        return replace(event, at="claimed" if paused and rng.random() < 0.5 else "claim")  # noqa: PLR2004
    return replace(event, down=drawn > 0.95)  # noqa: PLR2004  now and then
