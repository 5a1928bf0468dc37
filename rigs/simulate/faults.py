"""What goes wrong: which faults a seed knows, how often they strike, and where they did.

Each seed has a part of the faults only: where everything fails at once, nothing gets far enough to fail
in an interesting place. After so many the world works again, so that every story ends.
"""

from bisect import bisect_left, insort
from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from operator import attrgetter
from random import Random

from msgspec import Struct


class Fault(StrEnum):
    """A fault, in the words of the table."""

    CRASH_BEFORE = "crash before a call"
    CRASH_AFTER = "crash after a call"
    REFUSED = "call refused, nothing done"
    LOST_ANSWER = "call done, answer lost"
    RETRIED = "call done, SDK tries again"
    OVERTAKEN = "write overtaken"
    SLOW = "slow call"
    SKEW = "clock a second off"
    HINT_LOST = "hint lost"
    DUPLICATE = "message twice"
    REORDERED = "update late, out of order"
    REPEATED = "webhook sent again"
    STALE_INDEX = "stale index read"
    NO_SWEEP = "no sweep for ten minutes"
    FEED_SILENT = "feed silent"
    CARRIER_BUSY = "carrier refuses"
    CARRIER_DOUBT = "carrier takes, answer lost"
    CARRIER_MUTE = "carrier drops, answer lost"
    CARRIER_DOWN = "carrier down"
    CARRIER_NEVER = "carrier never will"
    RECEIPT_LATE = "receipt hours late"
    RECEIPT_TWICE = "receipt twice"
    RECEIPT_NEVER = "no receipt"
    UNDELIVERED = "not delivered"


OF_CALLS = frozenset(
    {
        Fault.CRASH_BEFORE,
        Fault.CRASH_AFTER,
        Fault.REFUSED,
        Fault.LOST_ANSWER,
        Fault.RETRIED,
        Fault.OVERTAKEN,
        Fault.SLOW,
    }
)
"""Those that may strike at any port call."""

ONLY_WRITES = frozenset({Fault.RETRIED, Fault.OVERTAKEN})
"""Those of them that need a conditional write."""

_RATES = (0.0, 0.02, 0.05, 0.15, 0.4)
_MOST = 60
_when = attrgetter("at")


class Struck(Struct, frozen=True):
    """A fault where it struck: in which function, about what, at which call."""

    at: datetime
    fault: Fault
    step: str
    about: str
    call: str = ""


class Chaos:
    """A seed's faults."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self.rate = rng.choice(_RATES)
        self.known = frozenset(fault for fault in Fault if rng.random() < 0.5)  # noqa: PLR2004  each other seed
        self.left = rng.randrange(1, _MOST)
        self.struck: list[Struck] = []

    def strikes(self, fault: Fault, at: datetime, step: str, about: str, call: str = "", often: float = 1) -> bool:
        """Tell whether a fault strikes here; `often` is how many times as often as a port call fails."""
        if fault not in self.known or not self.left or self._rng.random() >= self.rate * often:
            return False
        self._note(fault, at, step, about, call)
        return True

    def of_call(self, at: datetime, step: str, about: str, call: str, writes: bool) -> Fault | None:
        """Return the fault that strikes at a port call, if any does."""
        if not self.left or self._rng.random() >= self.rate:
            return None
        able = sorted(fault for fault in OF_CALLS & self.known if writes or fault not in ONLY_WRITES)
        if not able:
            return None
        fault = self._rng.choice(able)
        self._note(fault, at, step, about, call)
        return fault

    def since(self, at: datetime, abouts: Iterable[str]) -> int:
        """Return how many faults have struck since an instant at any of these, or at what concerns all."""
        named = {*abouts, ""}
        first = bisect_left(self.struck, at, key=_when)
        return sum(one.about in named for one in self.struck[first:])

    def _note(self, fault: Fault, at: datetime, step: str, about: str, call: str) -> None:
        self.left -= 1
        insort(self.struck, Struck(at, fault, step, about, call), key=_when)
