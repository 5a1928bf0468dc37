"""A sample of what people would have read: spread over wordings, types and days, the same for the same incidents."""

from collections import Counter
from collections.abc import Iterator
from zlib import crc32

from chalicelib.domain.names import Kind
from chalicelib.domain.notifications.notification import Channel
from chalicelib.insight.shadow.report import Sample
from chalicelib.insight.shadow.seen import Seen

TEXTS = 20
EMAILS = 2

_Slot = tuple[Kind, Channel, str, str, int]
_DAYS = 31
"""A year's sample is chosen from as many as a month's: days that are so many apart share a slot."""


class Sampler:
    """Keeps one message for each kind, channel, wording, type and day: enough to choose from, however many come."""

    def __init__(self) -> None:
        self._kept: dict[_Slot, tuple[int, Seen]] = {}

    def add(self, seen: Seen) -> None:
        """Take a message into consideration."""
        key = seen.row.key
        slot = (seen.kind, seen.row.channel, seen.wording, seen.code, seen.at.toordinal() % _DAYS)
        # Any number will do that depends neither on the order of the incidents nor on their time.
        rank = crc32(f"{key.incident_number}/{key.kind}/{key.recipient}/{key.ordinal}".encode())
        if slot not in self._kept or rank < self._kept[slot][0]:
            self._kept[slot] = rank, seen

    def texts_and_emails(self, kind: Kind) -> tuple[Sample, ...]:
        """Return so many texts of a kind, and a few emails."""
        return (*self.pick(kind, "sms", TEXTS), *self.pick(kind, "email", EMAILS))

    def pick(self, kind: Kind, channel: Channel, most: int) -> tuple[Sample, ...]:
        """Return up to so many messages in the order of their times, as different as there are."""
        waiting = [entry for slot, entry in self._kept.items() if slot[:2] == (kind, channel)]
        chosen = _as_different_as_possible(sorted(waiting, key=lambda entry: entry[0]), most)
        return tuple(map(_sample, sorted(chosen, key=lambda seen: (seen.at, seen.row.key))))


def _as_different_as_possible(waiting: list[tuple[int, Seen]], most: int) -> Iterator[Seen]:
    used: Counter[tuple[str, object]] = Counter()
    while waiting and most:
        place = min(range(len(waiting)), key=lambda n: [used[part] for part in _parts(waiting[n][1])])
        _, seen = waiting.pop(place)
        used.update(_parts(seen))
        most -= 1
        yield seen


def _parts(seen: Seen) -> tuple[tuple[str, object], ...]:
    return (
        ("body", seen.row.body),
        ("wording", seen.wording),
        ("type", seen.code),
        ("day", seen.at.date()),
        ("hour", seen.at.hour),
    )


def _sample(seen: Seen) -> Sample:
    return Sample(
        at=seen.at,
        incident_number=seen.row.key.incident_number,
        code=seen.code,
        channel=seen.row.channel,
        language=seen.row.language,
        segments=seen.row.segments,
        body=seen.row.body,
    )
