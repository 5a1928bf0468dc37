"""Sweep conversations every minute: leave a hint at each answer that is due, or will be within two minutes.

It costs one small read for each agency whose settings name a watch, and nothing for the others.
"""

from datetime import datetime

from chalicelib.flow.apart import apart
from chalicelib.flow.notifications.sweep import LOOK_AHEAD
from chalicelib.flow.people.converse import hint_due
from chalicelib.ports.world import Ports


def sweep_answers(ports: Ports, now: datetime) -> int:
    """Leave hints for each agency's answers; return how many. ExceptionGroup of those agencies where that failed."""
    return sum(apart(ports.settings.agencies(), lambda agency_id: _sweep(agency_id, ports, now)))


def _sweep(agency_id: str, ports: Ports, now: datetime) -> int:
    agency = ports.settings.agency(agency_id)
    if agency is None or not agency.converses:
        return 0
    return hint_due(agency, ports, now, now + LOOK_AHEAD)
