"""One subscription: when to renew it, what is missing, and whether the full state was read. Pure.

Seconds are those of a clock that never goes back. The standard has no mark for the end of the full state, so a pause
ends it.
"""

from feed.eido.failure import EidoFailed
from feed.eido.messages import OK, Event, Name, Subscribed, words_of
from feed.eido.settings import Eido

RENEW_AFTER = 2 / 3
"""The part of a subscription's time after which it is renewed: an attempt that is lost leaves time to subscribe."""

LONGEST = 7 * 86_400.0
"""A subscription is renewed at least so often, whatever is granted."""

MISSED = 2.5
"""After so many times its own minimum rate without a word, a notifier no longer notifies."""


class Subscription:
    """What is known of a subscription since it was asked for."""

    def __init__(self, eido: Eido, request: str, steady: float) -> None:
        self._eido = eido
        self._asked: tuple[str, float] | None = (request, steady)
        self.name: Name | None = None
        self.until: float | None = None
        self._renew_at = float("inf")
        self._says_within: float | None = None
        self._count: int | None = None
        self._first_at: float | None = None
        self._heard_at = steady
        self.whole = False

    def answered(self, message: Subscribed) -> bool:
        """Take in the answer to a request; return whether it was awaited. EidoFailed where it is a refusal."""
        if self._asked is None or message.request_id not in {None, self._asked[0]}:
            return False
        asked_at, self._asked = self._asked[1], None
        if message.status_code != OK:
            raise EidoFailed(f"{self._what} is refused: {words_of(message.status_code)}")
        self.name = message.subscription_id if message.subscription_id is not None else self.name
        if self.name is None:
            raise EidoFailed("the subscription is accepted without a name")
        self._accepted(message, asked_at)
        return True

    def _accepted(self, message: Subscribed, asked_at: float) -> None:
        expires = self._eido.expires.total_seconds() if message.expires is None else message.expires
        if not expires > 0:
            raise EidoFailed("the subscription would expire at once")
        expires = min(expires, LONGEST)
        self.until, self._renew_at = asked_at + expires, asked_at + expires * RENEW_AFTER
        if message.min_rate is not None and message.min_rate > 0:
            self._says_within = message.min_rate

    def notified(self, event: Event, steady: float) -> None:
        """Take in a notification that is stored; EidoFailed where one before it is missing.

        An empty one says that there is nothing more to tell.
        """
        self._heard_at = steady
        self._first_at = steady if self._first_at is None else self._first_at
        last, self._count = self._count, event.notify_count if event.notify_count is not None else self._count
        if last is not None and event.notify_count is not None and event.notify_count > last + 1:
            raise EidoFailed(f"{event.notify_count - last - 1:,} missing in the count of notifications")
        self.whole = self.whole or not event.notification

    def tend(self, steady: float) -> None:
        """See what time has brought since nothing more is there to be heard; EidoFailed where something should be."""
        if self._asked and steady - self._asked[1] > self._eido.answer_within.total_seconds():
            raise EidoFailed(f"{self._what} was not answered within {self._eido.answer_within}")
        if self.until is not None and steady >= self.until:
            raise EidoFailed("the subscription has expired")
        if self._says_within and steady - self._heard_at > self._says_within * MISSED:
            raise EidoFailed(f"no notification for {steady - self._heard_at:,.0f} s, not even an empty one")
        self.whole = self.whole or self._has_paused(steady)

    def _has_paused(self, steady: float) -> bool:
        if self.name is None or self._first_at is None:
            return False
        long = steady - self._first_at >= self._eido.longest_state.total_seconds()
        return long or steady - self._heard_at >= self._eido.settled_for.total_seconds()

    @property
    def _what(self) -> str:
        return "the subscription" if self.name is None else "the renewal of the subscription"

    def is_due(self, steady: float) -> bool:
        """Tell whether it is time to renew."""
        return self._asked is None and steady >= self._renew_at

    def renewing(self, request: str, steady: float) -> None:
        """Note that a renewal was asked for."""
        self._asked = (request, steady)
