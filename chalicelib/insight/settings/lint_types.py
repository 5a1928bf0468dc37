"""Which incident types are allowed, and whether the people who sign the settings can know it."""

import re
from collections.abc import Iterator

from chalicelib.domain.incidents.update import Evidence
from chalicelib.domain.notifications.safety import sensitive_word
from chalicelib.domain.settings.agency import Agency
from chalicelib.domain.settings.incident_types import IncidentType, is_pattern, matches
from chalicelib.insight.settings.finding import Finding, error, warning
from chalicelib.insight.settings.locate import Path

_TELLS_SOMETHING = re.compile(r"[^\W\d_]{3}")
_FEWEST_LETTERS = 3


def type_lists(agency: Agency) -> Iterator[tuple[Path, tuple[IncidentType, ...]]]:
    """Yield the agency's types and those of each city, with their path."""
    yield ("incident_types",), agency.incident_types
    for place, city in enumerate(agency.cities):
        yield ("cities", place, "incident_types"), city.incident_types or ()


def lint_types(agency: Agency) -> Iterator[Finding]:
    """Yield what is wrong with the types that the agency and its cities allow."""
    for path, types in type_lists(agency):
        for place, rule in enumerate(types):
            here = (*path, place)
            yield from _judgeable(rule, agency, here)
            yield from _against_the_floor(rule, agency, here)
            yield from _never(rule, agency, here)
            if not rule.notify:
                yield warning(
                    (*here, "notify"), "empty: callers get nothing", "take the type out, or write what they get"
                )


def _judgeable(rule: IncidentType, agency: Agency, path: Path) -> Iterator[Finding]:
    """Yield codes of which a reader can't tell what they allow."""
    for place, code in enumerate(rule.codes):
        here = (*path, "codes", place)
        if is_pattern(code) and len(re.sub(r"[\W_]", "", code)) < _FEWEST_LETTERS:
            yield error(here, f"{code} allows types that nobody has read", "a pattern needs three letters or digits")
        elif len(rule.codes) > 1 and not _TELLS_SOMETHING.search(code) and not agency.meaning(code):
            yield error(
                here,
                f"{code} says nothing by itself, so nobody can judge it",
                f'say what it means under [code_list]: "{code}" = "..."; or give it an entry of its own',
            )


def _against_the_floor(rule: IncidentType, agency: Agency, path: Path) -> Iterator[Finding]:
    """Yield types that are allowed and yet never texted about, and those that are excused from that."""
    if rule.override_sensitive:
        names = ", ".join(rule.codes)
        yield warning(
            (*path, "override_sensitive"),
            f"{names} ({rule.description}) is excused from the safety floor: callers at risk may be texted",
            "a victim advocate should have agreed to it",
        )
        return
    hint = "take it out; where an advocate agrees, override_sensitive = true excuses the type by name"
    word = sensitive_word(Evidence("incident_type", text=rule.description), agency)
    if word:
        yield error((*path, "description"), f"nothing would ever be sent: {word!r} is sensitive", hint)
    for place, code in enumerate(rule.codes):
        word = sensitive_word(Evidence("incident_type", code=code), agency)
        if word:
            yield error((*path, "codes", place), f"nothing would ever be sent: {word!r} is sensitive", hint)
        elif is_pattern(code):
            yield from _caught_by_pattern(code, agency, (*path, "codes", place))


def _caught_by_pattern(pattern: str, agency: Agency, path: Path) -> Iterator[Finding]:
    for code, meaning in agency.code_list.items():
        if matches((pattern,), code) and sensitive_word(Evidence("incident_type", code=code), agency):
            yield warning(path, f"{pattern} holds {code} ({meaning}) too, which is sensitive: it gets nothing")


def _never(rule: IncidentType, agency: Agency, path: Path) -> Iterator[Finding]:
    for place, code in enumerate(rule.codes):
        never = next((each for each in sorted(agency.never_types) if matches((each,), code)), None)
        if never:
            yield error(
                (*path, "codes", place),
                f"{code} is allowed here and never texted about by never_types ({never})",
                "take it out of one of the two",
            )
