"""What the last hours brought: calls and messages by kind and state, and why messages failed. Read from the index."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta

from msgspec import Struct

from chalicelib.domain.desk.recent import Recent
from chalicelib.domain.names import Kind
from chalicelib.domain.notifications.notification import State
from chalicelib.wiring import Aws

HOURS = 3
MOST = 1000
"""Entries that are counted, the latest first: a page costs the same in a storm."""

_FAILED = frozenset({State.FAILED, State.UNDELIVERED, State.UNKNOWN, State.SUPPRESSED, State.CANCELLED})


class Lately(Struct, frozen=True, kw_only=True):
    """Counts of the last hours. `kinds` has each kind with its messages by state, `failures` each reason, often first.

    `partial` tells that there were more than `counted`.
    """

    hours: int
    calls: int
    counted: int
    partial: bool
    states: tuple[str, ...]
    kinds: tuple[tuple[str, dict[str, int]], ...]
    failures: tuple[tuple[str, int], ...]

    def of_state(self, state: str) -> int:
        """Return how many messages are in a state, of all kinds."""
        return sum(counts.get(state, 0) for _, counts in self.kinds)


def read_lately(aws: Aws, agency_id: str, at: datetime) -> Lately:
    """Count what the index has of the last hours, at most so many entries."""
    found = aws.recent.of(agency_id, at - timedelta(hours=HOURS), at, most=MOST)
    return count_lately(found.found, partial=bool(found.after))


def count_lately(found: Iterable[Recent], *, partial: bool = False) -> Lately:
    """Count entries of the index."""
    found = tuple(found)
    messages = [one for one in found if one.kind]
    by_kind = Counter((str(one.kind), one.state) for one in messages)
    states = tuple(state.value for state in State if any(known == state for _, known in by_kind))
    kinds = [kind.value for kind in Kind if any(known == kind for known, _ in by_kind)]
    reasons = Counter(one.reason or one.state for one in messages if one.state in _FAILED)
    return Lately(
        hours=HOURS,
        calls=sum(one.kind is None for one in found),
        counted=len(found),
        partial=partial,
        states=states,
        kinds=tuple((kind, {state: by_kind[kind, state] for state in states}) for kind in kinds),
        failures=tuple(reasons.most_common()),
    )
