"""A dispatch supervisor's brake: what is held from the next second on, until somebody lifts it."""

from datetime import datetime
from typing import Literal

from msgspec import Struct

from chalicelib.domain.identity import Kind
from chalicelib.domain.incident import Incident
from chalicelib.domain.rules import matches

PauseOf = Literal["agency", "incident", "type", "beat", "kind"]


class Pause(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One pause: of everything, or of one incident, type, beat or kind; types and beats may be patterns."""

    of: PauseOf
    which: str = ""
    author: str
    reason: str
    at: datetime

    def holds(self, kind: Kind, incident: Incident) -> bool:
        """Tell whether a notification of this kind and incident must wait."""
        facts = incident.facts
        match self.of:
            case "agency":
                return True
            case "incident":
                return self.which == incident.incident_number
            case "kind":
                return self.which == kind
            case "type":
                return facts.incident_type is not None and matches((self.which,), facts.incident_type)
            case "beat":
                return facts.beat is not None and matches((self.which,), facts.beat)
