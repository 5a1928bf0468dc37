"""Waves of blocked texts: a carrier blocks one after the other, as those of a number that is not registered. Pure.

A provider takes such texts, and each of them is paid for: only receipts show it. Each blocked text counts one up, each
text that the carrier let through one down. So a few blocked texts among many others never add up, and a wave does.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from chalicelib.domain.notifications.breaker import Breaker, Breakers
from chalicelib.domain.notifications.notification import Provider

MOST_BLOCKED = 5
"""So many more blocked texts than others are a wave."""

FORGOTTEN = timedelta(hours=1)
"""Blocked texts that are longer ago say nothing about the next one."""

FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=5), timedelta(hours=1)
MOST_DOUBLINGS = 4

PROBE = timedelta(minutes=2)
"""How long other texts wait for the receipt of the one that tries the carrier: acknowledgments live a quarter hour."""

CLOCKS_DIFFER = timedelta(seconds=5)
"""How far a provider's clock may be behind ours."""


class Wave(Struct, frozen=True, omit_defaults=True):
    """A record of a provider's blocked texts for one agency; a provider without any has none.

    While `until` is set the provider gets no texts before that instant, and then one at a time, until one gets
    through. `tried_at` is when one was sent to try; receipts from before it are of texts that were on their way.
    """

    blocked: int = 0
    blocked_at: datetime | None = None
    until: datetime | None = None
    opened: int = 0
    tried_at: datetime | None = None

    def after_blocked(self, at: datetime) -> "Wave":
        """Return the wave after one more blocked text; each pause is twice as long as the one before.

        Texts that were on their way when a pause began make it no longer.
        """
        if self.until is None and self.blocked_at is not None and at - self.blocked_at > FORGOTTEN:
            return Wave(1, at)
        blocked, latest = min(self.blocked + 1, MOST_BLOCKED), max(at, self.blocked_at or at)
        if not self._tells(at) if self.until else blocked < MOST_BLOCKED:
            return replace(self, blocked=blocked, blocked_at=latest)
        pause = min(FIRST_PAUSE * 2 ** min(self.opened, MOST_DOUBLINGS), LONGEST_PAUSE)
        return Wave(blocked, latest, at + pause, self.opened + 1)

    def after_passed(self, at: datetime) -> "Wave | None":
        """Return the wave after a text that got through, None where it is over.

        One that was to try the carrier lets all others go; they wait again after the next one that is blocked.
        """
        if self.blocked <= 1:
            return None
        known = replace(self, until=None, tried_at=None) if self._tells(at) else self
        return replace(known, blocked=self.blocked - 1)

    def _tells(self, at: datetime) -> bool:
        """Tell whether a receipt may be of the text that tries the carrier."""
        return self.tried_at is not None and at >= self.tried_at - CLOCKS_DIFFER


Waves = Mapping[Provider, Wave]
"""Waves by provider, for those whose texts were blocked lately."""


def told(waves: Waves, provider: Provider, passed: bool, at: datetime) -> dict[Provider, Wave]:
    """Return the waves after a receipt that tells whether the carrier let a text through."""
    others = {name: wave for name, wave in waves.items() if name != provider}
    known = waves.get(provider)
    if not passed:
        return {**others, provider: (known or Wave()).after_blocked(at)}
    after = known.after_passed(at) if known else None
    return {**others, provider: after} if after else others


def begins(before: Waves, after: Waves) -> tuple[Provider, ...]:
    """Return the providers whose texts wait from now on, or for longer, because theirs are blocked."""
    return tuple(name for name, wave in after.items() if wave.opened > before.get(name, Wave()).opened)


def trying(waves: Waves, provider: Provider, now: datetime) -> dict[Provider, Wave]:
    """Return the waves while one text tries the carrier: all others wait for its receipt.

    A wave is over if texts were tried for long and none of them is known to be blocked.
    """
    wave = waves.get(provider)
    if wave is None or wave.until is None:
        return {**waves}
    if wave.blocked_at is not None and now - wave.blocked_at > LONGEST_PAUSE + FORGOTTEN:
        return {name: other for name, other in waves.items() if name != provider}
    return {**waves, provider: replace(wave, until=now + PROBE, tried_at=now)}


def standing(waves: Waves, now: datetime) -> tuple[Provider, ...]:
    """Return the providers that get one text at a time, if any, because carriers block theirs."""
    ended = now - LONGEST_PAUSE - FORGOTTEN
    return tuple(name for name, wave in waves.items() if wave.until and wave.blocked_at and wave.blocked_at > ended)


def gates(breakers: Breakers, waves: Waves, now: datetime) -> Breakers:
    """Return breakers that are open as long as a provider's own or its wave is: both keep messages from it."""
    held = {name: until for name in waves if (until := _held_until(waves, name, now))}
    both = {}
    for name in breakers.keys() | held.keys():
        known = breakers.get(name, Breaker())
        instants = [until for until in (known.until, held.get(name)) if until]
        both[name] = replace(known, until=max(instants)) if instants else known
    return both


def blocks(waves: Waves, provider: Provider, now: datetime) -> bool:
    """Tell whether a wave keeps texts from a provider now."""
    until = _held_until(waves, provider, now)
    return until is not None and now < until


def _held_until(waves: Waves, provider: Provider, now: datetime) -> datetime | None:
    """Return until when a wave holds a provider's texts; of a pause by a clock that is far ahead, only until now."""
    until = waves.get(provider, Wave()).until
    return now if until and until - now > LONGEST_PAUSE + CLOCKS_DIFFER else until
