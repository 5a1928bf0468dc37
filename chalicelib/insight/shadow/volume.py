"""How much would have gone: by kind, by hour of the day, by type; in segments and in money."""

from collections import Counter
from collections.abc import Mapping
from typing import Protocol

from msgspec import field

from chalicelib.domain.incidents.incident import Incident
from chalicelib.domain.names import Kind
from chalicelib.insight.shadow.people import MASK
from chalicelib.insight.shadow.report import KindCount, TypeCount
from chalicelib.insight.shadow.seen import STANDINGS, Seen
from chalicelib.insight.shadow.sums import Sums

_Type = tuple[str, str]
"""The place that has types of its own, or empty, and the code."""

HOURS = 24


class Listed(Protocol):
    """A function that returns the agency's own words for a type, or None for a type that it does not list."""

    def __call__(self, place: str, code: str) -> str | None:
        """Return the description."""


class Volume(Sums, kw_only=True):
    """Counts what went, would have gone and waits, as it comes."""

    standing: Counter[tuple[Kind, str]] = field(default_factory=Counter)
    channels: Counter[tuple[Kind, str]] = field(default_factory=Counter)
    segments: Counter[Kind] = field(default_factory=Counter)
    hour: Counter[int] = field(default_factory=Counter)
    incidents: Counter[_Type] = field(default_factory=Counter)
    descriptions: dict[_Type, Counter[str]] = field(default_factory=dict)
    messages: dict[_Type, Counter[Kind]] = field(default_factory=dict)
    type_segments: Counter[_Type] = field(default_factory=Counter)
    long_texts: int = 0

    def add_decision(self, kind: Kind, standing: str) -> None:
        """Count one decision."""
        self.standing[kind, standing] += 1

    def add_incident(self, place: str, code: str, incident: Incident) -> None:
        """Count an incident of a type, with the description that the dispatch system sent."""
        self.incidents[place, code] += 1
        # Only a description that came with this code: one that came before the type changed is of another.
        told = (item.text for item in incident.evidence if (item.field, item.code) == ("incident_type", code))
        self.descriptions.setdefault((place, code), Counter()).update(MASK.text(text) for text in told if text)

    def add_message(self, seen: Seen) -> None:
        """Count a message that would have gone."""
        row = seen.row
        self.channels[seen.kind, row.channel] += 1
        self.segments[seen.kind] += row.segments
        self.hour[seen.at.hour] += 1
        self.messages.setdefault((seen.place, seen.code), Counter())[seen.kind] += 1
        self.type_segments[seen.place, seen.code] += row.segments
        self.long_texts += row.segments > 1

    def kinds(self, price: float) -> tuple[KindCount, ...]:
        """Return each kind, one of which nobody gets included."""
        return tuple(self._kind(kind, price) for kind in Kind)

    def hours(self) -> tuple[int, ...]:
        """Return the messages that would have gone in each hour of the day."""
        return tuple(self.hour[hour] for hour in range(HOURS))

    def types(self, listed: Listed) -> tuple[TypeCount, ...]:
        """Return each type that was met or written to, the one with most messages first."""
        found = (self._type(each, listed) for each in {*self.incidents, *self.messages})
        return tuple(sorted(found, key=lambda each: (-each.total, -each.incidents, each.place, each.code)))

    def incidents_by_type(self) -> Mapping[_Type, int]:
        """Return how many incidents each type has."""
        return self.incidents

    def described(self, place: str, code: str) -> str:
        """Return the description that the dispatch system sent most often with a type."""
        told = self.descriptions.get((place, code), Counter[str]())
        return min(told, key=lambda text: (-told[text], text), default="")

    def _kind(self, kind: Kind, price: float) -> KindCount:
        standings = {name: self.standing[kind, name] for name in STANDINGS}
        return KindCount(
            kind=kind,
            texts=self.channels[kind, "sms"],
            emails=self.channels[kind, "email"],
            segments=self.segments[kind],
            cost=self.segments[kind] * price,
            **standings,
        )

    def _type(self, which: _Type, listed: Listed) -> TypeCount:
        place, code = which
        ours, messages = listed(place, code), self.messages.get(which, Counter[Kind]())
        return TypeCount(
            place=place,
            code=code,
            description=self.described(place, code) if ours is None else ours,
            dispatch_says=self.described(place, code),
            listed=ours is not None,
            incidents=self.incidents[which],
            messages={kind: messages[kind] for kind in Kind if messages[kind]},
            segments=self.type_segments[which],
        )
