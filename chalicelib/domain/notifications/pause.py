"""Pauses: a dispatch supervisor holds messages back at once, until somebody lifts the pause."""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from msgspec import Struct

from chalicelib.domain.incidents.identity import names_of
from chalicelib.domain.incidents.incident import Incident
from chalicelib.domain.names import Kind
from chalicelib.domain.settings.incident_types import matches

PauseOf = Literal["agency", "incident", "type", "beat", "kind"]


class Pause(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One pause: of everything, or of one incident, type, beat or kind; types and beats may be patterns.

    A pause of `tables` is made by no person. It holds everything because a table is not the one that the settings know,
    as after a restore.
    """

    of: PauseOf | Literal["tables"]
    which: str = ""
    author: str
    reason: str
    at: datetime

    def holds(self, kind: Kind, incident: Incident) -> bool:
        """Tell whether a notification of this kind and incident must wait."""
        facts = incident.facts
        match self.of:
            case "agency" | "tables":
                return True
            case "incident":
                return self.which in names_of(incident)
            case "kind":
                return self.which == kind
            case "type":
                return facts.incident_type is not None and matches((self.which,), facts.incident_type)
            case "beat":
                return facts.beat is not None and matches((self.which,), facts.beat)


def held_by_restore(known: Mapping[str, str], found: Mapping[str, str], now: datetime) -> tuple[Pause, ...]:
    """Return the pause that a restored table causes: the table has lost the sends and STOPs since its backup.

    Both mappings have the tables' ids by their use. A table that only one of them names causes no pause.
    """
    others = sorted(use for use in known.keys() & found.keys() if known[use] != found[use])
    if not others:
        return ()
    return (Pause(of="tables", which=", ".join(others), author="tenfour", reason="restored from a backup", at=now),)
