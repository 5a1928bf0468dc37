"""Find what other settings would really send, or send sooner, in the agency and in each of its cities. Pure."""

from collections.abc import Iterator

from chalicelib.domain.duration import Duration
from chalicelib.domain.incidents.facts import Facts
from chalicelib.domain.names import Kind
from chalicelib.domain.settings.agency import Agency

_SOME = "\0"
"""A character that no code has: it stands for what a pattern leaves open."""

_FILLINGS = ("", _SOME, _SOME * 65)
"""What `*` may stand for: nothing, one character, and more than any other pattern has room for."""


def sent_more(before: Agency, after: Agency) -> Iterator[str]:
    """Yield what leaves shadow while the agency is live, and which types no longer wait so long."""
    pairs = _pairs(before, after)
    sooner = sorted({name for place, was, is_now in pairs for name in _sooner(place, was, is_now, before, after)})
    if sooner:
        yield f"acknowledgment.hold gets shorter for {', '.join(sooner)}"
    if before.mode != "live" or after.mode != "live":
        return
    live = _out_of_shadow(before, after, pairs)
    if live:
        yield f"shadow ends for {', '.join(sorted(live))}"
    if _beats_moved(before, after):
        yield "beats are no longer of the city that they were of"


def goes_live(before: Agency, after: Agency) -> bool:
    """Tell whether something would be texted about that is in shadow: the agency, a city, a kind or a type.

    Beats that are of another city, or of none, have other rules, which may text where theirs do not.
    """
    if after.mode != "live":
        return False
    if before.mode != "live" or _beats_moved(before, after):
        return True
    return bool(_out_of_shadow(before, after, _pairs(before, after)))


def _beats_moved(before: Agency, after: Agency) -> bool:
    """Tell whether beats may be no longer of the city that they were of."""
    known = {city.beats for city in before.cities}
    return [city.beats for city in before.cities] != [city.beats for city in after.cities if city.beats in known]


def _out_of_shadow(before: Agency, after: Agency, pairs: list[tuple[str, Agency, Agency]]) -> set[str]:
    """Return what leaves shadow while the agency is live."""
    live = {f"kind {kind.value}" for kind in before.shadow_kinds - after.shadow_kinds}
    live |= {f"type {code}{place}" for place, was, is_now in pairs for code in _gone_live(was, is_now)}
    known = {city.beats for city in before.cities}
    return live | {f"city {city.name}" for city in after.cities if city.beats not in known and city.mode != "shadow"}


def _pairs(before: Agency, after: Agency) -> list[tuple[str, Agency, Agency]]:
    """Return the rules before and after, of the agency and of each city that stays, with the city's name."""
    old = {city.beats: city for city in before.cities}
    cities = [
        (f" in {city.name}", before.in_city(old[city.beats]), after.in_city(city))
        for city in after.cities
        if city.beats in old
    ]
    return [("", before, after), *cities]


def _codes(*agencies: Agency) -> list[str]:
    return sorted({code for agency in agencies for rule in agency.incident_types for code in rule.codes})


def _gone_live(was: Agency, is_now: Agency) -> Iterator[str]:
    """Yield the codes and patterns with a code for which something goes out that did not."""
    for code in _codes(was, is_now):
        like = {code.replace("*", filling).replace("?", _SOME) for filling in _FILLINGS}
        if any(_is_live(is_now, one) and not _is_live(was, one) for one in like):
            yield code


def _is_live(agency: Agency, code: str) -> bool:
    return any(agency.sends(kind, code) for kind in Kind)


def _sooner(place: str, was: Agency, is_now: Agency, before: Agency, after: Agency) -> Iterator[str]:
    """Yield the types whose hold gets shorter by another setting than the agency's own hold."""
    usual = before.acknowledgment.hold, after.acknowledgment.hold
    urgent = {name for agency in (was, is_now) for name in agency.priorities}
    urgent |= {name for agency in (was, is_now) for rule in agency.incident_types for name in rule.priorities}
    for code in _codes(is_now):
        for priority in (None, *sorted(urgent)):
            facts = Facts(incident_type=code, priority=priority)
            first, then = _hold(was, facts), _hold(is_now, facts)
            if first and then is not None and then < first and (first, then) != usual:
                yield f"{code}{place}"


def _hold(agency: Agency, facts: Facts) -> Duration | None:
    rule = agency.rule(facts)
    return rule.acknowledgment.hold if rule else None
