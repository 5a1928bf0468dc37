"""The places that lead to an incident, and how long each of them does. Pure."""

from datetime import datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from chalicelib.domain.incidents.incident import Incident

LONGER = timedelta(days=90)
"""How long a name outlives the end that its incident had when it was written: each later update puts that end off.

Names that would end before their incident are written again. So that happens at most once in this time.
"""


class Name(Struct, frozen=True, kw_only=True):
    """A place that leads to an incident from now on, as it was read before.

    `before` is the incident to which it led, "" where there was none. `version` is that of the incident whose key the
    place is, 0 where there is none; None where the place leads here already.
    """

    place: str
    before: str = ""
    version: int | None = None


def led_to(
    incident: Incident, names: tuple[Name, ...], before: Incident, until: datetime | None
) -> tuple[Incident, tuple[Name, ...]]:
    """Return a changed incident with the places that lead to it, and those of them that must be written now.

    `until` is when the incident ends, None while it is held. All of its places are written where one is new, where a
    hold begins or ends, and where they would end first. An incident that is found by its key alone has none.
    """
    key, identity = incident.incident_number, incident.identity
    new = frozenset(name.place for name in names) - {key}
    places = identity.places | new
    if not places:
        return incident, names
    ends_first = until is not None and identity.led_until is not None and identity.led_until < until
    if not new and not ends_first and bool(before.legal_holds) == bool(incident.legal_holds):
        return incident, names
    others = tuple(Name(place=place, before=key) for place in sorted(identity.places - new))
    led = replace(identity, places=places, led_until=until + LONGER if until else None)
    return replace(incident, identity=led), names + others
