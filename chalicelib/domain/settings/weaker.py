"""Find what other settings would end of what protects people: a publisher is told before it is in force. Pure."""

from collections.abc import Callable, Iterator, Mapping

from chalicelib.domain.duration import Duration
from chalicelib.domain.names import Kind
from chalicelib.domain.settings.agency import Agency
from chalicelib.domain.settings.incident_types import Retention
from chalicelib.domain.settings.judgements import Judgement, Judgements
from chalicelib.domain.text import normal

MOST_NAMED = 5


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
    for ends in (_shorter, _unlisted, _unjudged, _let_go, _read):
        yield from ends(before, after)


def _shorter(before: Agency, after: Agency) -> Iterator[str]:
    for name, was, is_now in (
        ("silence", before.silence, after.silence),
        ("acknowledgment.hold", before.acknowledgment.hold, after.acknowledgment.hold),
        *_kept(before.retention, after.retention),
    ):
        if is_now < was:
            yield f"{name} gets shorter: {was} becomes {is_now}"


def _unlisted(before: Agency, after: Agency) -> Iterator[str]:
    for name in ("sensitive_types", "never_types", "after_close_types", "institutional_numbers"):
        gone = sorted(getattr(before, name) - getattr(after, name))
        if gone:
            yield f"{name} no longer has {', '.join(gone)}"


def _let_go(before: Agency, after: Agency) -> Iterator[str]:
    if after.mass_call > before.mass_call:
        yield f"mass_call is higher: {before.mass_call} becomes {after.mass_call}"
    excused = sorted(_excused(after) - _excused(before))
    if excused:
        yield f"override_sensitive lets {', '.join(excused)} be texted"
    live = sorted(_live(after) - _live(before)) if after.mode == before.mode == "live" else []
    if live:
        yield f"shadow ends for {', '.join(live)}"


def _kept(before: Retention, after: Retention) -> Iterator[tuple[str, Duration, Duration]]:
    for name in ("incidents", "history", "rejected", "surveys"):
        yield f"retention.{name}", getattr(before, name), getattr(after, name)


def _unjudged(before: Agency, after: Agency) -> Iterator[str]:
    """Yield what other judgements let go: values that may be texted about, and values that no longer silence."""
    was, is_now = _by_value(before.judgements), _by_value(after.judgements)
    freer = sorted(is_now[key].name for key in is_now if _freer(was.get(key), is_now[key]))
    if freer:
        yield f"judgements hold back less of {_few(freer)}"
    heard = sorted(entry.name for key, entry in was.items() if "sensitive" in entry.verdicts and key not in is_now)
    if heard:
        yield f"judgements no longer hold {_few(heard)} as sensitive"


def _by_value(judgements: Judgements) -> dict[tuple[str, str, str], Judgement]:
    return {(entry.field, normal(entry.value), normal(entry.meaning)): entry for entry in judgements.entries}


def _freer(was: Judgement | None, is_now: Judgement) -> bool:
    """Tell whether a value holds back less than it did: a value that nobody judged is silent."""
    held = (was.verdicts if was else frozenset()) - {"dull"}
    return bool(held - is_now.verdicts) or (is_now.lets and not (was and was.lets))


def _few(names: list[str]) -> str:
    more = len(names) - MOST_NAMED
    return ", ".join(names[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")


def _read(before: Agency, after: Agency) -> Iterator[str]:
    """Yield that the public reads something else; in shadow nobody reads anything."""
    changed = [name for name, read in _PUBLIC.items() if read(before) != read(after)]
    if changed and after.mode == before.mode == "live":
        yield f"people read other words: {', '.join(changed)}"


_PUBLIC: Mapping[str, Callable[[Agency], object]] = {
    "the agency's name": lambda agency: (agency.name, agency.short_name),
    "texts and emails": lambda agency: (
        agency.words,
        [(rule.codes, rule.words) for rule in agency.incident_types if rule.words],
    ),
    "links": lambda agency: (agency.resources_link, agency.survey.link),
    "the survey": lambda agency: (agency.survey.questions, agency.survey.words),
}


def _excused(agency: Agency) -> frozenset[str]:
    """Return the codes that are excused from the safety floor, by the agency or by one of its cities."""
    every = (agency, *(agency.at(city.beats[0]) for city in agency.cities))
    return frozenset[str]().union(*(rules.overridden_types for rules in every))


def _live(agency: Agency) -> frozenset[str]:
    """Return the cities, types and kinds that are not in shadow."""
    cities = {f"city {city.name}" for city in agency.cities if city.mode != "shadow"}
    types = {f"type {code}" for rule in agency.incident_types if rule.mode != "shadow" for code in rule.codes}
    kinds = {f"kind {kind.value}" for kind in Kind if kind not in agency.shadow_kinds}
    return frozenset(cities | types | kinds)
