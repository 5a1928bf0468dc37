"""The script of a seed: who calls, what dispatch says of it and when, what is paused or fails."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from random import Random

from msgspec import Struct
from msgspec.structs import replace

from chalicelib.domain.duration import Duration
from chalicelib.domain.incidents.release import Release
from chalicelib.domain.incidents.update import Update
from chalicelib.domain.names import Kind
from chalicelib.domain.notifications.pause import Pause
from chalicelib.domain.settings.agency import Agency
from chalicelib.domain.settings.incident_types import Caps, DelayRules
from chalicelib.domain.settings.providers import Providers
from chalicelib.insight.settings.files import load_settings
from rigs.simulate.incident import Course, Oddity, punctually

_DAYS = (datetime(2026, 11, 21, tzinfo=UTC), datetime(2026, 10, 31, tzinfo=UTC), datetime(2027, 3, 13, tzinfo=UTC))
"""An ordinary Saturday, and the ones before the clocks change."""

_ODDITIES: tuple[Oddity | None, ...] = (None,) * 20 + ("ring", "unknown", "tie", "crowd")


class Post(Struct, frozen=True):
    """One webhook: what it says, and when it is sent first."""

    at: datetime
    source: str
    updates: tuple[Update, ...]


class Script(Struct, frozen=True, kw_only=True):
    """A seed's city. In a punctual one things happen on the same second, and so on top of each other."""

    agency: Agency
    start: datetime
    punctual: bool
    posts: tuple[Post, ...]
    pauses: tuple[tuple[datetime, datetime, Pause], ...]
    releases: tuple[tuple[str, Release], ...]


def write(rng: Random) -> Script:
    """Return the script of a seed."""
    start = rng.choice(_DAYS) + timedelta(minutes=rng.randrange(24 * 60))
    numbers = [f"H26-{number}" for number in range(1, rng.choice((2, 2, 3, 4, 5)))]
    punctual = rng.random() < 0.5  # noqa: PLR2004  every other city
    # Drawn apart, so that the other draws of a seed stay as they are.
    oddity = Random(f"{start} {numbers}").choice(_ODDITIES)  # noqa: S311  a story, no secret
    posts = [post for number in numbers for post in _posts(rng, number, numbers, start, punctual, oddity)]
    return Script(
        agency=_agency(rng),
        start=start,
        punctual=punctual,
        posts=tuple(posts),
        pauses=tuple(_pauses(rng, start)),
        releases=tuple((number, _release(rng, start, days)) for number in numbers for days in (0, 1)),
    )


def _posts(
    rng: Random, number: str, numbers: list[str], start: datetime, punctual: bool, oddity: Oddity | None
) -> Iterator[Post]:
    """Yield the webhooks that tell of an incident, one or two updates each."""
    received = start + timedelta(seconds=rng.uniform(0, 1800))
    others = [each for each in numbers if each != number]
    course = Course(rng, number, others, punctually(received) if punctual else received, punctual)
    if oddity:
        course.tell_oddity(oddity)
    updates = sorted(course.updates, key=lambda update: update.as_of)
    while updates:
        size = rng.choice((1, 1, 2))
        batch, updates = updates[:size], updates[size:]
        sent = batch[-1].as_of + timedelta(seconds=rng.uniform(0, 0.5 if punctual else 5))
        yield Post(sent, f"wh-{batch[0].update_id}", tuple(batch))


@cache
def _usual() -> Agency:
    return load_settings(Path(__file__).parent / "city.toml")


def _agency(rng: Random) -> Agency:
    """Return the agency, with rules that differ from seed to seed."""
    usual = _usual()
    after = rng.choice(((30,), (20, 50), (5, 10, 15)))
    return replace(
        usual,
        delay=DelayRules(after=tuple(Duration(minutes=each) for each in after)),
        channels=rng.choice((("sms", "email"), ("sms", "email"), ("email", "sms"))),
        providers=rng.choice(
            (Providers(), Providers(sms=("end_user_messaging", "twilio")), Providers(sms=("twilio",)))
        ),
        mass_call=rng.choice((3, 5)),
        caps=rng.choice((Caps(), Caps(per_person_and_day=2), Caps(per_incident=3, survey_every=Duration(0)))),
        survey=replace(
            usual.survey,
            after=Duration(hours=rng.choice((1, 18))),
            door=rng.choice(("link", "link", "reply")),
        ),
    )


def _pauses(rng: Random, start: datetime) -> Iterator[tuple[datetime, datetime, Pause]]:
    if rng.random() < 0.2:  # noqa: PLR2004  one seed in five
        began = start + timedelta(minutes=rng.uniform(0, 60))
        whole = Pause(of="agency", author="a supervisor", reason="simulated", at=began)
        parts = replace(whole, of="kind", which=Kind.DELAY), replace(whole, of="incident", which="H26-1")
        pause = rng.choice((whole, *parts))
        yield began, began + timedelta(minutes=rng.uniform(1, 40)), pause


def _release(rng: Random, start: datetime, days: int) -> Release:
    """Return how a supervisor lets an incident with many callers go: that day, and on the next what came after."""
    at = start + timedelta(days=days, minutes=rng.expovariate(1 / 60))
    return Release(what="mass_call", author="a supervisor", reason="simulated", at=at)
