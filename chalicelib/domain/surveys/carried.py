"""Facts that a survey takes from its incident: those that the person can judge and the agency's settings allow."""

from collections.abc import Sequence
from datetime import tzinfo

from chalicelib.domain.incidents.facts import Facts, Unit
from chalicelib.domain.settings.questions import About
from chalicelib.domain.settings.survey import SurveyRules
from chalicelib.domain.surveys.survey import Carried

SEVERAL = "(several)"
"""Stands for the officer of a call to which several came."""

_SPOKE = frozenset({None, "911", "text_911", "non_emergency"})
"""Origins at which a call taker spoke or wrote with the caller; for others nobody can rate a call taker."""


def judges(facts: Facts) -> tuple[About, ...]:
    """Return whom a caller can judge: an officer only if one came, a call taker only if one was spoken to."""
    came = facts.arrived_at is not None and facts.response_mode in (None, "in_person")
    known: dict[About, bool] = {"call_taker": facts.origin in _SPOKE, "officer": came, "agency": True}
    return tuple(about for about, can in known.items() if can)


def carried(facts: Facts, rules: SurveyRules, zone: tzinfo) -> Carried:
    """Return the facts that go with the answers; anonymous answers have none."""
    allowed = rules.carries
    units = facts.units or ()
    hour = facts.received_at.astimezone(zone).hour if facts.received_at else None
    return Carried(
        allowed=tuple(sorted(allowed)),
        incident_type=facts.incident_type if "incident_type" in allowed else None,
        beat=facts.beat if "beat" in allowed else None,
        shift=facts.shift if "shift" in allowed else None,
        hour=hour if "hour" in allowed else None,
        units=tuple(unit.unit for unit in units) if "unit" in allowed else (),
        officer_ids=tuple(one for unit in units for one in unit.officer_ids) if "officer" in allowed else (),
        officer=_officer(units) if "officer" in allowed else None,
        call_taker_id=facts.call_taker_id if "call_taker" in allowed else None,
    )


def _officer(units: Sequence[Unit]) -> str | None:
    """Return the one officer who came, or that several did; None where dispatch named none.

    A person who met two officers rates neither alone, and an answer that counts for both would be in two groups. A unit
    without its officers counts as further ones: nobody is rated for whoever sat in it.
    """
    known = {one for unit in units for one in unit.officer_ids}
    if not known:
        return None
    return min(known) if len(known) == 1 and all(unit.officer_ids for unit in units) else SEVERAL
