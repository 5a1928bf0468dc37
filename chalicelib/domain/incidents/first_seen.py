"""Times at which something was first seen, for systems that say what is so, but not since when.

Each snapshot of such a system would bring another time. So of all times of a field that were seen, the earliest counts,
whichever came first. A time that was told, and is a later word, takes its place as any later word does. An end of a
call counts anew once a later word took it back (see `sights`).
"""

from collections.abc import Mapping
from datetime import datetime

from msgspec.structs import replace

from chalicelib.domain.incidents.facts import Facts
from chalicelib.domain.incidents.merge import Stamp, Word
from chalicelib.domain.incidents.sights import Sights, first_since_open


def earliest(known: Mapping[str, datetime], told: Mapping[str, Word]) -> dict[str, datetime]:
    """Return the earliest time of each field that was ever seen, with more words heard."""
    seen = {name: word.value for name, word in told.items() if word.stamp.first_seen and word.value}
    return {**known, **{name: min(known.get(name, at), at) for name, at in seen.items()}}


def with_earliest(
    facts: Facts, stamps: Mapping[str, Stamp], known: Mapping[str, datetime], sights: Mapping[str, Sights]
) -> Facts:
    """Return facts in which each field whose word is a time that was seen has the earliest of those that count."""
    shown = {
        name: first_since_open(sights.get(name, ())) or at
        for name, at in known.items()
        if name in stamps and stamps[name].first_seen and getattr(facts, name)
    }
    return replace(facts, **shown) if shown else facts
