"""Find mistakes that only several settings together show: rules that never send, or that send too much.

Pure functions over the settings; each finding has the path of the value to look at.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import time
from typing import Any

from chalicelib.domain.names import Kind
from chalicelib.domain.notifications.identifiers import tells
from chalicelib.domain.settings.agency import Agency
from chalicelib.domain.settings.incident_types import DelayRules, PriorityRules, matches
from chalicelib.domain.text import plain_words
from chalicelib.insight.settings.finding import Finding, error, warning
from chalicelib.insight.settings.lint_conversation import lint_conversation
from chalicelib.insight.settings.lint_judged import lint_judged
from chalicelib.insight.settings.lint_made_up import lint_made_up
from chalicelib.insight.settings.lint_providers import lint_providers
from chalicelib.insight.settings.lint_survey import lint_survey
from chalicelib.insight.settings.lint_text_to_911 import lint_text_to_911
from chalicelib.insight.settings.lint_texts import lint_texts
from chalicelib.insight.settings.lint_types import lint_types, type_lists
from chalicelib.insight.settings.lint_watchers import lint_watchers
from chalicelib.insight.settings.lint_words import SHORTENER, UNSAFE, shortened
from chalicelib.insight.settings.locate import Path

_EARLIEST, _LATEST = time(8), time(21)
"""Texts that nobody waits for are held to these hours: 47 CFR 64.1200(c)(1), for calls; people expect no less."""

_API_GATEWAY = re.compile(r"https?://[a-z0-9-]+\.execute-api\.[a-z0-9.-]+(?P<stage>/[A-Za-z0-9_-]+/s$)?", re.IGNORECASE)
_HERE = re.compile(r"http://(127\.0\.0\.1|localhost)([:/]|$)")


def lint(agency: Agency, data: Mapping[str, Any]) -> tuple[Finding, ...]:
    """Return everything that the rules below find; `data` is the file as it was read."""
    parts = (
        lint_types(agency),
        _names(agency),
        lint_judged(agency),
        lint_texts(agency),
        lint_text_to_911(agency),
        lint_providers(agency),
        () if _HERE.match(agency.survey.link) else lint_made_up(agency),
        _delays(agency),
        _hours(agency),
        _caps(agency),
        _shields(agency),
        _survey(agency),
        lint_survey(agency),
        lint_conversation(agency),
        _mode(agency),
        () if _HERE.match(agency.survey.link) else lint_watchers(agency),
        _cities(agency),
        _written(data),
    )
    return tuple(finding for part in parts for finding in part)


def _names(agency: Agency) -> Iterator[Finding]:
    """Yield the names that each text begins with and that would say what a call was about."""
    named: list[tuple[Path, str | None]] = [(("short_name",), agency.short_name), (("name",), agency.name)]
    for place, city in enumerate(agency.cities):
        named += [(("cities", place, "short_name"), city.short_name), (("cities", place, "name"), city.name)]
    for path, name in named:
        word = tells(name or "")
        if word:
            yield error(
                path, f"{word!r} tells a lock screen what the call was about", "name the agency, not a unit of it"
            )


def _delays(agency: Agency) -> Iterator[Finding]:
    for path, rules in _delay_rules(agency):
        if list(rules.after) != sorted(set(rules.after)):
            told = ", ".join(map(str, rules.after))
            yield error((*path, "after"), f"{told}: each notice must be later than the one before", "sort them")


def _delay_rules(agency: Agency) -> Iterator[tuple[Path, DelayRules]]:
    """Yield every delay rule that the file can have, with the path of its table."""
    yield ("delay",), agency.delay
    yield from _by_priority((), agency.priorities)
    for place, city in enumerate(agency.cities):
        if city.delay:
            yield ("cities", place, "delay"), city.delay
    for path, types in type_lists(agency):
        for place, rule in enumerate(types):
            if rule.delay:
                yield (*path, place, "delay"), rule.delay
            yield from _by_priority((*path, place), rule.priorities)


def _by_priority(path: Path, priorities: Mapping[str, PriorityRules]) -> Iterator[tuple[Path, DelayRules]]:
    for priority, rules in priorities.items():
        if rules.delay:
            yield (*path, "priorities", priority, "delay"), rules.delay


def _hours(agency: Agency) -> Iterator[Finding]:
    for kind in (Kind.OUTCOME, Kind.CASE_NUMBER, Kind.SURVEY):
        window = agency.window(kind)
        if window.start < _EARLIEST or window.end > _LATEST or window.end <= window.start:
            when = f"from {window.start:%H:%M} to {window.end:%H:%M}" if window.start != window.end else "at any hour"
            yield warning(
                ("hours", kind.value),
                f"{kind} may go {when}: somebody will be woken",
                "nobody waits for it: keep it between 8:00 and 21:00",
            )


def _caps(agency: Agency) -> Iterator[Finding]:
    for name in agency.caps.__struct_fields__:
        if not getattr(agency.caps, name):
            yield warning(
                ("caps", name), "0 is no cap: one mistake can text a person without end", "leave the line out"
            )


def _shields(agency: Agency) -> Iterator[Finding]:
    if _HERE.match(agency.survey.link):  # a city that sends nothing to anybody
        return
    if not agency.silence:
        yield warning(
            ("silence",), "0s: people of a sensitive incident hear of their next call at once", "leave the line out"
        )
    if not agency.acknowledgment.hold:
        yield warning(
            ("acknowledgment", "hold"),
            "0s: a call that is re-typed as sensitive in its first minute was texted already",
            "leave the line out",
        )


def _survey(agency: Agency) -> Iterator[Finding]:
    survey = agency.survey
    asked = any(Kind.SURVEY in rule.notify for _, types in type_lists(agency) for rule in types)
    if asked and not survey.outcomes:
        yield warning(("survey", "outcomes"), "empty: nobody will be asked", 'write "survey" in no notify instead')
    live = "live" in {agency.mode, *(city.mode for city in agency.cities)}
    if live and survey.link.startswith("http:") and not _HERE.match(survey.link):
        yield warning(("survey", "link"), "http:// is not private on the way", "write https://")
    gateway = _API_GATEWAY.match(survey.link)
    if gateway and not gateway["stage"]:
        says = "API Gateway's own address has a stage before /s: nothing is behind this one"
        yield error(("survey", "link"), says, "write the survey.link that tenfour deploy prints at its end")
    links: dict[Path, str] = {("survey", "link"): survey.link, ("resources_link",): agency.resources_link}
    for path, link in links.items():
        unsafe = UNSAFE.search(plain_words(link))
        if unsafe:
            yield error(path, f"{unsafe[0]!r} is not safe on a lock screen", "give the page an address that says less")
    links |= {("privacy_link",): agency.privacy_link, ("terms_link",): agency.terms_link}
    yield from (shortened(path, link) for path, link in links.items() if SHORTENER.search(link))


def _mode(agency: Agency) -> Iterator[Finding]:
    allowed = any(types for _, types in type_lists(agency))
    if agency.mode == "live" and not allowed:
        yield warning(
            ("mode",), "live, but no incident type is allowed: nothing will be sent", "add [[incident_types]]"
        )
    told = any(Kind.OUTCOME in rule.notify for _, types in type_lists(agency) for rule in types)
    if told and not agency.dispositions:
        yield warning(("dispositions",), "empty: nobody hears how it ended, or is asked", 'write HAN = "handled"')


def _cities(agency: Agency) -> Iterator[Finding]:
    earlier: list[tuple[str, str]] = []
    for place, city in enumerate(agency.cities):
        for number, beat in enumerate(city.beats):
            taken = next((name for known, name in earlier if matches((known,), beat)), None)
            if taken:
                yield warning(
                    ("cities", place, "beats", number), f"beat {beat} is {taken}'s already", "the first city has it"
                )
        earlier += [(beat, city.name) for beat in city.beats]
        if city.mode == "live" and agency.mode == "shadow":
            yield warning(("cities", place, "mode"), "stays in shadow until the agency itself is live")


def _written(data: Mapping[str, Any]) -> Iterator[Finding]:
    if "version" in data:
        yield warning(("version",), "publishing numbers the versions; this is ignored", "take the line out")
