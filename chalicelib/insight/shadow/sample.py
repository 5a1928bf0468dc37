"""A sample of what people would have read: spread over wordings, types and days, the same for the same incidents."""

from collections import Counter
from collections.abc import Iterator, Mapping
from zlib import crc32

from msgspec import field
from msgspec.structs import replace

from chalicelib.domain.names import Kind
from chalicelib.domain.notifications.notification import Channel
from chalicelib.insight.mask import Mask
from chalicelib.insight.shadow.report import Sample
from chalicelib.insight.shadow.seen import Seen
from chalicelib.insight.shadow.sums import Sums

TEXTS = 20
EMAILS = 2

_Slot = tuple[Kind, Channel, str, str, int]
_Ranked = tuple[int, Sample]
_DAYS = 31
"""A year's sample is chosen from as many as a month's: days that are so many apart share a slot."""


class Sampler(Sums, kw_only=True):
    """Keeps one message for each kind, channel, wording, type and day: enough to choose from, however many come."""

    kept: dict[_Slot, _Ranked] = field(default_factory=dict)

    def add(self, seen: Seen) -> None:
        """Take a message into consideration."""
        key = seen.row.key
        slot = (seen.kind, seen.row.channel, seen.wording, seen.code, seen.at.toordinal() % _DAYS)
        # Any number will do that depends neither on the order of the incidents nor on their time.
        rank = crc32(f"{key.incident_number}/{key.kind}/{key.recipient}/{key.ordinal}".encode())
        self._keep(slot, (rank, _sample(seen)))

    def add_up(self, other: "Sampler") -> None:
        """Take what another has kept into consideration."""
        for slot, ranked in other.kept.items():
            self._keep(slot, ranked)

    def texts_and_emails(self, kind: Kind) -> tuple[Sample, ...]:
        """Return so many texts of a kind, and a few emails."""
        return (*self.pick(kind, "sms", TEXTS), *self.pick(kind, "email", EMAILS))

    def pick(self, kind: Kind, channel: Channel, most: int) -> tuple[Sample, ...]:
        """Return up to so many messages in the order of their times, as different as there are."""
        found = (sample for _, (_, sample) in self._pick(kind, channel, most))
        return tuple(sorted(found, key=lambda sample: (sample.at, sample.incident_number, sample.body)))

    def thinned(self, most: Mapping[Channel, int], mask: Mask) -> "Sampler":
        """Return as many of each kind as are ever shown, without addresses that somebody typed into their words."""
        chosen = (one for kind in Kind for channel, number in most.items() for one in self._pick(kind, channel, number))
        return Sampler(kept={_masked(slot, mask): (rank, _said(one, mask)) for slot, (rank, one) in chosen})

    def _keep(self, slot: _Slot, ranked: _Ranked) -> None:
        if slot not in self.kept or ranked[0] < self.kept[slot][0]:
            self.kept[slot] = ranked

    def _pick(self, kind: Kind, channel: Channel, most: int) -> Iterator[tuple[_Slot, _Ranked]]:
        waiting = [(slot, ranked) for slot, ranked in self.kept.items() if slot[:2] == (kind, channel)]
        return _as_different_as_possible(sorted(waiting, key=lambda entry: (entry[1][0], entry[0])), most)


def _as_different_as_possible(waiting: list[tuple[_Slot, _Ranked]], most: int) -> Iterator[tuple[_Slot, _Ranked]]:
    used: Counter[tuple[str, object]] = Counter()
    while waiting and most:
        place = min(range(len(waiting)), key=lambda n: [used[part] for part in _parts(*waiting[n])])
        chosen = waiting.pop(place)
        used.update(_parts(*chosen))
        most -= 1
        yield chosen


def _parts(slot: _Slot, ranked: _Ranked) -> tuple[tuple[str, object], ...]:
    _, sample = ranked
    return (
        ("body", sample.body),
        ("wording", slot[2]),
        ("type", sample.code),
        ("day", sample.at.date()),
        ("hour", sample.at.hour),
    )


def _masked(slot: _Slot, mask: Mask) -> _Slot:
    kind, channel, wording, code, day = slot
    return kind, channel, mask.text(wording), code, day


def _said(one: Sample, mask: Mask) -> Sample:
    return replace(one, body=mask.text(one.body))


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
