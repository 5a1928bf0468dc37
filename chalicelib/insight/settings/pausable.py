"""What can be paused: types and beats that the settings name, or that a call lately had."""

from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from itertools import chain

from chalicelib.domain.desk.recent import Recent
from chalicelib.domain.settings.agency import Agency
from chalicelib.domain.settings.incident_types import is_pattern, matches

MOST_NAMED = 3


def exists(of: str, which: str, agency: Agency, heard: Iterable[Recent]) -> tuple[bool, tuple[str, ...]]:
    """Tell whether a pause of a type or beat holds anything that there is; if not, also what is called nearly so.

    `heard` is looked through only for what the settings do not name, and only as far as needed.
    """
    settings = set(in_settings(of, agency))
    seen: set[str] = set()
    for name in chain(settings, _in_calls(of, heard)):
        if name not in seen and _meant(which, name):
            return True, ()
        seen.add(name)
    written = {name.casefold(): name for name in sorted(seen)}
    near = get_close_matches(which.casefold(), written, n=MOST_NAMED, cutoff=0.5)
    return False, tuple(written[name] for name in near)


def _meant(which: str, name: str) -> bool:
    return matches((which,), name) or (is_pattern(name) and matches((name,), which))


def in_settings(of: str, agency: Agency) -> Iterator[str]:
    """Yield the types or beats that the settings name, patterns too; some more than once."""
    if of == "beat":
        yield from (beat for city in agency.cities for beat in city.beats)
        return
    cities = (city.incident_types or () for city in agency.cities)
    yield from (code for rule in chain(agency.incident_types, *cities) for code in rule.codes)
    yield from chain(agency.code_list, agency.sensitive_types, agency.never_types, agency.after_close_types)
    yield from (entry.value for entry in agency.judgements.entries if entry.field == "incident_type")


def _in_calls(of: str, heard: Iterable[Recent]) -> Iterator[str]:
    for one in heard:
        name = one.beat if of == "beat" else one.incident_type
        if name:
            yield name
