"""One seed, from its first call until nothing is due any more."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial
from random import Random

from msgspec import Struct

from chalicelib.carriers.registry import PROVIDERS
from chalicelib.domain.incidents.update import Update
from rigs.simulate.carrier import SimulatedSender
from rigs.simulate.faults import Chaos, Fault
from rigs.simulate.found import look_up, look_up_at_the_end
from rigs.simulate.functions import Flows
from rigs.simulate.lambdas import Lambdas
from rigs.simulate.loop import Endless, Loop
from rigs.simulate.people import People
from rigs.simulate.promise import Promise
from rigs.simulate.promises import check
from rigs.simulate.script import Post, Script, write
from rigs.simulate.stream import Stream
from rigs.simulate.world import World


class Played(Struct, frozen=True):
    """A seed that has been played."""

    seed: int
    script: Script
    world: World


def play(seed: int, flows: Flows | None = None, chaos: Chaos | None = None) -> Played:
    """Play a seed, with its own faults or with others; what did not hold is in `world.watch.broken`."""
    rng = Random(seed)  # noqa: S311  chance that can be had again
    script = write(rng)
    loop, chaos = Loop(rng, script.start), chaos or Chaos(rng)
    world = World(script.agency, loop, chaos)
    lambdas = Lambdas(flows or Flows(), script.agency, world)
    Stream(lambdas)
    people = People(script.agency, world, lambdas, script.punctual)
    world.watch.got = people.got
    senders = {name: SimulatedSender(name, world, lambdas.receipt) for name in PROVIDERS}
    world.senders = senders
    world.looked_up = partial(look_up, world, script.agency)
    _troubles(script, world, lambdas, senders)
    for post in script.posts:
        _post(post, world, lambdas)
    with _logged() as lines:
        try:
            loop.run()
        except Endless as endless:
            world.watch.expect(Promise.LOST, holds=False, words=str(endless))
        check(script, world, people, lines)
        look_up_at_the_end(world, script.agency)
    return Played(seed, script, world)


def _post(post: Post, world: World, lambdas: Lambdas) -> None:
    """Plan a webhook: in its time, or late and behind those that came after it, and perhaps again."""
    loop, about = world.loop, post.updates[0].incident_number
    acked = partial(world.watch.acknowledged, post.updates)
    late = world.chaos.strikes(Fault.REORDERED, post.at, "vendor", about, often=3)
    at = post.at + timedelta(seconds=loop.rng.uniform(5, 900)) if late else post.at
    loop.at(at, lambda: lambdas.post(post.updates, post.source, acked))
    if world.chaos.strikes(Fault.REPEATED, post.at, "vendor", about, often=3):
        again: tuple[Update, ...] = post.updates[::-1]
        source = loop.rng.choice((post.source, f"{post.source}-again"))
        loop.at(at + timedelta(seconds=loop.rng.uniform(0, 7200)), lambda: lambdas.post(again, source, acked))


def _troubles(script: Script, world: World, lambdas: Lambdas, senders: dict[str, SimulatedSender]) -> None:
    """Plan what lasts: pauses, a silent feed, a stopped sweep, a provider that is down."""
    loop, chaos, start, watch = world.loop, world.chaos, script.start, world.watch
    for began, ended, pause in script.pauses:
        watch.pauses.append((began, ended, pause))
        loop.at(began, partial(setattr, world.memory_settings, "pauses", (pause,)))
        loop.at(ended, partial(setattr, world.memory_settings, "pauses", ()))
    for number, release in script.releases:
        loop.at(release.at, partial(lambdas.release, release, number))

    def lasting(fault: Fault, step: str, shortest: float, longest: float) -> tuple[datetime, datetime] | None:
        if not chaos.strikes(fault, start, step, step, often=10):
            return None
        began = start + timedelta(minutes=loop.rng.uniform(0, 90))
        return began, began + timedelta(minutes=loop.rng.uniform(shortest, longest))

    watch.silent = lasting(Fault.FEED_SILENT, "feed", 4, 40)
    watch.no_sweep = lambdas.no_sweep = lasting(Fault.NO_SWEEP, "no sweep", 10, 10)
    senders[loop.rng.choice(sorted(senders))].down = lasting(Fault.CARRIER_DOWN, "carrier", 2, 30)


class _Lines(logging.Handler):
    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a line with everything that goes with it."""
        self.lines.append(f"{record.getMessage()} {record.__dict__}")


@contextmanager
def _logged() -> Iterator[list[str]]:
    """Collect what the flows log, and keep it off the terminal."""
    logger, lines = logging.getLogger("tenfour"), _Lines()
    usual, propagate = logger.handlers[:], logger.propagate
    logger.handlers, logger.propagate = [lines], False
    try:
        yield lines.lines
    finally:
        logger.handlers, logger.propagate = usual, propagate
