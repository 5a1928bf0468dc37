"""The pauses that stand, for the banner on every page of an agency."""

from chalicelib.domain.notifications.pause import Pause
from chalicelib.web.desk.reachable import read_or_none
from chalicelib.web.desk.visit import Visit


def standing(visit: Visit) -> tuple[Pause, ...]:
    """Return the agency's pauses by one read; none where they can't be read, since the page is of use without them."""
    conditions = read_or_none(lambda: visit.world.settings.conditions(visit.ours.agency_id), "read the pauses")
    return conditions.pauses if conditions else ()
