"""Find what other settings would end of what protects people: a publisher is told before it is in force. Pure."""

from collections.abc import Callable, Iterator, Mapping
from itertools import chain

from chalicelib.domain.duration import Duration
from chalicelib.domain.settings.agency import Agency
from chalicelib.domain.settings.incident_types import IncidentType, Retention
from chalicelib.domain.settings.weaker_desk import let_in
from chalicelib.domain.settings.weaker_judged import judged_less
from chalicelib.domain.settings.weaker_sent import sent_more


def weaker(before: Agency | None, after: Agency) -> tuple[str, ...]:
    """Return what settings end of what those in force protect, one sentence each; empty where they protect no less.

    Without settings in force there is nothing to end but that nobody is texted.
    """
    return tuple(_ends(before, after))


def signers(before: Agency, after: Agency) -> int:
    """Return how many people must have seen settings at the desk: one where they only narrow, else two.

    Words take two in shadow as well. Otherwise somebody could write them there alone, and go live with another's name
    under the one line that says so.
    """
    return 2 if weaker(before, after) or read_otherwise(before, after) else 1


_LISTS = ("sensitive_types", "never_types", "after_close_types", "institutional_numbers", "highest_priorities")


def _ends(before: Agency | None, after: Agency) -> Iterator[str]:
    if after.mode == "live" and (before is None or before.mode != "live"):
        yield "shadow ends: people are texted from now on"
    if before is None:
        return
    for ends in (_shorter, _unlisted, judged_less, _let_go, sent_more, _read, _shown, _unheard, let_in):
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
    for name in _LISTS:
        gone = sorted(getattr(before, name) - getattr(after, name))
        if gone:
            yield f"{name} no longer has {', '.join(gone)}"


def _let_go(before: Agency, after: Agency) -> Iterator[str]:
    if after.mass_call > before.mass_call:
        yield f"mass_call is higher: {before.mass_call} becomes {after.mass_call}"
    excused = sorted(_excused(after) - _excused(before))
    if excused:
        yield f"override_sensitive lets {', '.join(excused)} be texted"


def _kept(before: Retention, after: Retention) -> Iterator[tuple[str, Duration, Duration]]:
    for name in ("incidents", "history", "rejected", "surveys", "ledger"):
        yield f"retention.{name}", getattr(before, name), getattr(after, name)


def read_otherwise(before: Agency, after: Agency) -> tuple[str, ...]:
    """Return what of the words that the public reads is not as it was, in shadow too."""
    changed = [name for name, read in _PUBLIC.items() if read(before) != read(after)]
    was, is_now = (
        {city.beats: (city.name, city.short_name, city.non_emergency) for city in each.cities}
        for each in (before, after)
    )
    if any(is_now.get(beats, told) != told for beats, told in was.items()):
        changed.append("a city's name or number")
    return tuple(changed)


def _read(before: Agency, after: Agency) -> Iterator[str]:
    """Yield that the public reads something else; in shadow nobody reads anything."""
    changed = read_otherwise(before, after)
    if changed and after.mode == before.mode == "live":
        yield f"people read other words: {', '.join(changed)}"


def _worded(agency: Agency) -> Iterator[IncidentType]:
    """Yield the types with words of their own, in the agency and in its cities."""
    types = chain(agency.incident_types, *(city.incident_types or () for city in agency.cities))
    yield from (rule for rule in types if rule.words)


_PUBLIC: Mapping[str, Callable[[Agency], object]] = {
    "the agency's name": lambda agency: (agency.name, agency.short_name),
    "the number to call": lambda agency: agency.numbers.non_emergency,
    "texts and emails": lambda agency: (agency.words, [(rule.codes, rule.words) for rule in _worded(agency)]),
    "links": lambda agency: (agency.resources_link, agency.survey.link, agency.privacy_link, agency.terms_link),
    "whether 911 takes texts": lambda agency: agency.text_to_911,
    "answers to what people text": lambda agency: (agency.converses, agency.conversation),
    "the survey": lambda agency: (agency.survey.questions, agency.survey.words),
}


def _shown(before: Agency, after: Agency) -> Iterator[str]:
    """Yield that people may read numbers which the forms in force leave out."""
    was, is_now = before.identifiers, after.identifiers
    forms = ((was.incident, is_now.incident), (was.case, is_now.case))
    if is_now.longest > was.longest or any(old and new != old for old, new in forms):
        yield "identifiers lets other numbers be read"
    if before.identity.cad == "always" and after.identity.cad != "always":
        yield "identity.cad no longer holds calls back of which only a number is known"


def _unheard(before: Agency, after: Agency) -> Iterator[str]:
    was, is_now = before.survey.follow_up.alerts, after.survey.follow_up.alerts
    if was and is_now != was:
        yield f"alerts of danger no longer go to {was}"


def _excused(agency: Agency) -> frozenset[str]:
    """Return the codes that are excused from the safety floor, by the agency or by one of its cities."""
    every = (agency, *map(agency.in_city, agency.cities))
    return frozenset[str]().union(*(rules.overridden_types for rules in every))
