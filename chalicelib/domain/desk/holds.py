"""What holds an incident's messages back until a person decides, and because of which words. Pure."""

from datetime import datetime

from msgspec import Struct

from chalicelib.domain.incidents.incident import Incident
from chalicelib.domain.incidents.release import Releasable
from chalicelib.domain.incidents.update import Latch
from chalicelib.domain.notifications.recipients import awaits_human, callers
from chalicelib.domain.notifications.safety import sensitive_because
from chalicelib.domain.settings.agency import Agency

ALONE: frozenset[Releasable] = frozenset({"mass_call"})
"""What one person lets go alone: the hold protects nobody from a text, it waits for somebody to look."""


class Hold(Struct, frozen=True, kw_only=True):
    """One hold on an incident; `party` names whose it is, `because` the word that holds, `count` the callers."""

    what: Releasable
    party: str = ""
    because: str = ""
    since: datetime | None = None
    count: int = 0

    @property
    def alone(self) -> bool:
        """Tell whether one person may release it."""
        return self.what in ALONE


def holds_of(incident: Incident, agency: Agency) -> tuple[Hold, ...]:
    """Return what a person may release of an incident."""
    agency, found = agency.at(incident.facts.beat), list[Hold]()
    if awaits_human(incident, agency):
        found.append(Hold(what="mass_call", count=callers(incident)))
    word = sensitive_because(incident, agency)
    if word or silenced_alone(incident):
        found.append(Hold(what="sensitive", because=word or ""))
    found += [Hold(what=latch.value, since=incident.latches[latch]) for latch in Latch if incident.holds(latch)]
    unsafe = (name for name in sorted(incident.everyone) if incident.is_unsafe(name))
    return (*found, *(Hold(what="unsafe", party=name) for name in unsafe))


def silenced_alone(incident: Incident) -> bool:
    """Tell whether an incident silences its people although no juvenile on it does: a person's release ends that."""
    return incident.silences and not incident.holds(Latch.JUVENILE)
