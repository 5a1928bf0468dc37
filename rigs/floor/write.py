"""Stories written by chance: a plot, other things in between, and some of them late or in the middle of others."""

from datetime import UTC, datetime, timedelta
from random import Random

from msgspec.structs import replace

from rigs.floor.plots import PLOTS, chance
from rigs.floor.story import Event, Hold, Story, Tell, Text

_DAYS = (datetime(2026, 11, 21, tzinfo=UTC), datetime(2026, 10, 31, tzinfo=UTC), datetime(2027, 3, 13, tzinfo=UTC))
_RACES = (Tell, Text, Hold)


def write(rng: Random) -> Story:
    """Return the story of a seed: one of the plots, with things of chance in between."""
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
