"""Tell whether an update says anything that was not known: a reader's clock alone is no news.

A system that does not say as of when its words are so is read as of now. Each of its snapshots would be a later word,
though nothing has changed, and each would be stored. The words that hold are the same either way: what changes later
has a later instant than all of them.
"""

from datetime import UTC, datetime
from typing import Any

from msgspec.structs import replace

from chalicelib.domain.incidents.identity import Identity
from chalicelib.domain.incidents.incident import Incident
from chalicelib.domain.incidents.merge import Stamp
from chalicelib.domain.incidents.party import Party


def says_the_same(one: Incident, other: Incident) -> bool:
    """Tell whether two states of an incident differ in nothing but the instants of their words."""
    return _timeless(one) == _timeless(other)


def _timeless(incident: Incident) -> tuple[Any, ...]:
    known = replace(
        incident,
        as_of=None,
        stamps=_of_sources(incident.stamps),
        other_stamps=_of_sources(incident.other_stamps),
        parties={party_id: _party(party) for party_id, party in incident.parties.items()},
        latches={},
        sights={},
        releases=(),
        identity=_identity(incident.identity),
    )
    return (known, incident.as_of is None, *_held(incident))


def _held(incident: Incident) -> tuple[Any, ...]:
    """Return what holds texts back: a word that is said again after its release holds them again."""
    latches = {latch: incident.holds(latch) for latch in incident.latches}
    unsafe = {name: incident.is_unsafe(name) for name in incident.everyone}
    return latches, unsafe, [item.covered for item in incident.releases]


def _party(party: Party) -> Party:
    return replace(
        party,
        unsafe_as_of=None,
        stamps=_of_sources(party.stamps),
        other=_party(party.other) if party.other else None,
    )


def _identity(identity: Identity) -> Identity:
    always = datetime.min.replace(tzinfo=UTC)
    shown = (replace(each, stamp=Stamp(always, source=each.stamp.source)) for each in identity.shown)
    return replace(identity, shown=tuple(shown))


def _of_sources(stamps: dict[str, Stamp]) -> dict[str, Any]:
    return {name: (stamp.source, stamp.first_seen) for name, stamp in stamps.items()}
