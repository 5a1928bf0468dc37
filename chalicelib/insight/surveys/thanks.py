"""Praise, month by month, in the order in which it came: there is no count and no order by unit or officer."""

from datetime import datetime

from msgspec import Struct

from chalicelib.domain.surveys.follow_up import Desk, FollowUp, shown
from chalicelib.ports.world import Ports

MOST = 25
"""Pieces of praise on a page: one read each."""


class Thanks(Struct, frozen=True):
    """Some of the praise of a span, the first first; `after` asks for the next, or is ""."""

    found: tuple[FollowUp, ...]
    after: str


def thanks_of(ports: Ports, agency_id: str, span: tuple[datetime, datetime], at: datetime, after: str = "") -> Thanks:
    """Return the praise that came in a span: one query, and one read each. Praise that was taken away is left out."""
    names, onward = ports.follow_ups.praise(agency_id, span, MOST, after)
    read = (ports.follow_ups.find(agency_id, Desk.UNIT, name) for name in names)
    return Thanks(tuple(one for one in read if one and shown(one, at)), onward)
