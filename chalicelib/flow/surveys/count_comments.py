"""How many comments wait for somebody to read them, for the first page and the email of what waits."""

from datetime import datetime

from chalicelib.ports.world import Ports

COUNTED = 100
"""Comments that are counted: a query of 5 read units at most."""


def count_comments(ports: Ports, agency_id: str, at: datetime) -> int:
    """Return how many comments nobody has decided on, by one query; more than `COUNTED` are counted as so many."""
    found, _ = ports.comments.page(agency_id, "new", COUNTED)
    return sum(one.shown(at) for one in found)
