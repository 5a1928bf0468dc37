"""Breakers: leave a provider that is down alone for a while, then try it with one message. Pure."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from chalicelib.domain.notifications.notification import Provider

MOST_FAILURES = 5
"""Failed calls in a row that open the breaker, each within `IN_A_ROW` of the one before."""

IN_A_ROW = timedelta(minutes=2)
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=30), timedelta(minutes=2)
"""Pauses are short because an acknowledgment is worth sending for only a quarter of an hour."""

MOST_DOUBLINGS = 2
"""How often a pause doubles. Without it the pauses of a long outage leave the range of a duration."""

PROBE = timedelta(seconds=20)
"""How long other messages wait while one tries the provider: longer than a call may take."""


class Breaker(Struct, frozen=True, omit_defaults=True):
    """A record of a provider's recent failures for one agency; a provider without failures has none.

    The breaker is closed until `MOST_FAILURES`, then open until `until`; after that one message may try.
    """

    failures: int = 0
    failed_at: datetime | None = None
    until: datetime | None = None
    opened: int = 0

    def waits_until(self, now: datetime) -> datetime | None:
        """Return the instant until which the provider must not be called; None where it may be called now."""
        return self.until if self.until and now < self.until else None

    @property
    def tries(self) -> bool:
        """Tell whether the next call tests whether the provider is back."""
        return self.until is not None

    def trying(self, now: datetime) -> "Breaker":
        """Return the breaker while one message tests the provider: it is open for all others."""
        return replace(self, until=now + PROBE)

    def after_failure(self, now: datetime) -> "Breaker":
        """Return the breaker after a call that took no message; each pause is twice as long as the one before."""
        recent = self.failed_at is not None and now - self.failed_at <= IN_A_ROW
        failures = self.failures + 1 if recent or self.tries else 1
        if failures < MOST_FAILURES:
            return Breaker(failures, now)
        pause = min(FIRST_PAUSE * 2 ** min(self.opened, MOST_DOUBLINGS), LONGEST_PAUSE)
        return Breaker(failures, now, now + pause, self.opened + 1)


Breakers = Mapping[Provider, Breaker]
"""Breakers by provider, for those that failed lately."""


def heard(breakers: Breakers, took: Mapping[Provider, bool], now: datetime) -> dict[Provider, Breaker]:
    """Return the breakers after calls to providers; a provider that took a message loses its breaker."""
    kept = {name: breaker for name, breaker in breakers.items() if not took.get(name)}
    failed = [name for name, taken in took.items() if not taken]
    return {**kept, **{name: kept.get(name, Breaker()).after_failure(now) for name in failed}}


def usable(providers: Sequence[Provider], breakers: Breakers, now: datetime) -> tuple[Provider, ...]:
    """Return the providers that may be called now, in their order.

    A provider that must show that it is back is called first or not at all. So only the message that holds the
    right to try can reach it.
    """
    known = {name: breakers.get(name, Breaker()) for name in providers}
    called = [name for name in providers if not known[name].waits_until(now)]
    return tuple(name for place, name in enumerate(called) if place == 0 or not known[name].tries)


def closed_until(providers: Sequence[Provider], breakers: Breakers, now: datetime) -> datetime | None:
    """Return when the first of the providers may be called again; None where one may be called now."""
    if usable(providers, breakers, now):
        return None
    waits = (breakers.get(name, Breaker()).waits_until(now) for name in providers)
    return min((until for until in waits if until), default=None)
