"""Find what other settings would end of what protects people: a publisher is told before it is in force. Pure."""

from collections.abc import Iterator

from chalicelib.domain.duration import Duration
from chalicelib.domain.settings.agency import Agency
from chalicelib.domain.settings.incident_types import Retention


def weaker(before: Agency | None, after: Agency) -> tuple[str, ...]:
    """Return what settings end of what those in force protect, one sentence each; empty where they protect no less.

    Without settings in force there is nothing to end but that nobody is texted.
    """
    return tuple(_ends(before, after))


def _ends(before: Agency | None, after: Agency) -> Iterator[str]:
    if after.mode == "live" and (before is None or before.mode != "live"):
        yield "shadow ends: people are texted from now on"
    if before is None:
        return
    for name, was, is_now in (
        ("silence", before.silence, after.silence),
        ("acknowledgment.hold", before.acknowledgment.hold, after.acknowledgment.hold),
        *_kept(before.retention, after.retention),
    ):
        if is_now < was:
            yield f"{name} gets shorter: {was} becomes {is_now}"
    for name in ("sensitive_types", "never_types", "after_close_types", "institutional_numbers"):
        gone = sorted(getattr(before, name) - getattr(after, name))
        if gone:
            yield f"{name} no longer has {', '.join(gone)}"
    excused = sorted(_excused(after) - _excused(before))
    if excused:
        yield f"override_sensitive lets {', '.join(excused)} be texted"
    live = sorted(_live(after) - _live(before)) if after.mode == before.mode == "live" else []
    if live:
        yield f"shadow ends for {', '.join(live)}"


def _kept(before: Retention, after: Retention) -> Iterator[tuple[str, Duration, Duration]]:
    for name in ("incidents", "history", "rejected", "surveys"):
        yield f"retention.{name}", getattr(before, name), getattr(after, name)


def _excused(agency: Agency) -> frozenset[str]:
    """Return the codes that are excused from the safety floor, by the agency or by one of its cities."""
    every = (agency, *(agency.at(city.beats[0]) for city in agency.cities))
    return frozenset[str]().union(*(rules.overridden_types for rules in every))


def _live(agency: Agency) -> frozenset[str]:
    """Return the cities, types and kinds that are not in shadow."""
    cities = {f"city {city.name}" for city in agency.cities if city.mode != "shadow"}
    types = {f"type {code}" for rule in agency.incident_types if rule.mode != "shadow" for code in rule.codes}
    return frozenset(cities | types)
