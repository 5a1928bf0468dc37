"""How much would have gone: by kind, by hour of the day, by type; in segments and in money."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import Protocol

from chalicelib.domain.incidents.incident import Incident
from chalicelib.domain.names import Kind
from chalicelib.insight.shadow.people import MASK
from chalicelib.insight.shadow.report import KindCount, TypeCount
from chalicelib.insight.shadow.seen import STANDINGS, Seen

_Type = tuple[str, str]
"""The place that has types of its own, or empty, and the code."""

HOURS = 24


class Listed(Protocol):
    """A function that returns the agency's own words for a type, or None for a type that it does not list."""

    def __call__(self, place: str, code: str) -> str | None:
        """Return the description."""


class Volume:
    """Counts what went, would have gone and waits, as it comes."""

    def __init__(self) -> None:
        self._standing: Counter[tuple[Kind, str]] = Counter()
        self._channels: Counter[tuple[Kind, str]] = Counter()
        self._segments: Counter[Kind] = Counter()
        self._hours: Counter[int] = Counter()
        self._incidents: Counter[_Type] = Counter()
        self._described: defaultdict[_Type, Counter[str]] = defaultdict(Counter)
        self._messages: defaultdict[_Type, Counter[Kind]] = defaultdict(Counter)
        self._type_segments: Counter[_Type] = Counter()
        self.long_texts = 0

    def add_decision(self, kind: Kind, standing: str) -> None:
        """Count one decision."""
        self._standing[kind, standing] += 1

    def add_incident(self, place: str, code: str, incident: Incident) -> None:
        """Count an incident of a type, with the description that the dispatch system sent."""
        self._incidents[place, code] += 1
        # Only a description that came with this code: one that came before the type changed is of another.
        told = (item.text for item in incident.evidence if (item.field, item.code) == ("incident_type", code))
        self._described[place, code].update(filter(None, told))

    def add_message(self, seen: Seen) -> None:
        """Count a message that would have gone."""
        row = seen.row
        self._channels[seen.kind, row.channel] += 1
        self._segments[seen.kind] += row.segments
        self._hours[seen.at.hour] += 1
        self._messages[seen.place, seen.code][seen.kind] += 1
        self._type_segments[seen.place, seen.code] += row.segments
        self.long_texts += row.segments > 1

    def kinds(self, price: float) -> tuple[KindCount, ...]:
        """Return each kind, one of which nobody gets included."""
        return tuple(self._kind(kind, price) for kind in Kind)

    def hours(self) -> tuple[int, ...]:
        """Return the messages that would have gone in each hour of the day."""
        return tuple(self._hours[hour] for hour in range(HOURS))

    def types(self, listed: Listed) -> tuple[TypeCount, ...]:
        """Return each type that was met or written to, the one with most messages first."""
        found = (self._type(each, listed) for each in self._incidents.keys() | self._messages.keys())
        return tuple(sorted(found, key=lambda each: (-each.total, -each.incidents, each.place, each.code)))

    def incidents_by_type(self) -> Mapping[_Type, int]:
        """Return how many incidents each type has."""
        return self._incidents

    def described(self, place: str, code: str) -> str:
        """Return the description that the dispatch system sent most often with a type."""
        told = self._described[place, code].most_common(1)
        return MASK.text(told[0][0]) if told else ""

    def _kind(self, kind: Kind, price: float) -> KindCount:
        standings = {name: self._standing[kind, name] for name in STANDINGS}
        return KindCount(
            kind=kind,
            texts=self._channels[kind, "sms"],
            emails=self._channels[kind, "email"],
            segments=self._segments[kind],
            cost=self._segments[kind] * price,
            **standings,
        )

    def _type(self, which: _Type, listed: Listed) -> TypeCount:
        place, code = which
        ours = listed(place, code)
        return TypeCount(
            place=place,
            code=code,
            description=self.described(place, code) if ours is None else ours,
            dispatch_says=self.described(place, code),
            listed=ours is not None,
            incidents=self._incidents[which],
            messages={kind: self._messages[which][kind] for kind in Kind if self._messages[which][kind]},
            segments=self._type_segments[which],
        )
