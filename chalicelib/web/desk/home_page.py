"""The desk's own first page, and its files."""

from msgspec import Struct

from chalicelib.domain.desk.permissions import Permission
from chalicelib.domain.desk.session import barred, permissions_of
from chalicelib.domain.settings.desk import roles_of
from chalicelib.web.desk.assets import asset
from chalicelib.web.desk.page import SAFE, moved, page
from chalicelib.web.desk.trouble import trouble
from chalicelib.web.desk.visit import Answer, Visit


class Place(Struct, frozen=True):
    """An agency at which somebody has a role; `first` is the path of the first page that they may see, or "".

    `barred` tells that there would be one, if they had signed in by what its settings demand.
    """

    agency_id: str
    name: str
    roles: str
    first: str
    barred: bool


def home(visit: Visit) -> Answer:
    """Lead to the one agency where somebody has a page, or list those where they have a role."""
    places = tuple(_places(visit))
    if len(places) == 1 and (places[0].first or places[0].barred):
        return moved(visit, places[0].first or f"/desk/{places[0].agency_id}")
    return page(visit, "home.html", title=visit.say("home.title"), agencies=places)


def served(visit: Visit) -> Answer:
    """Serve a file under the name that goes with what is in it: whoever has it need not ask again."""
    found = asset(visit.parts["name"])
    if found is None:
        return trouble(visit, "not_found")
    kept = {"Cache-Control": "public, max-age=31536000, immutable", "Content-Type": found.media_type}
    return Answer(body=found.body, headers={**SAFE, **kept})


def _places(visit: Visit) -> list[Place]:
    found = []
    for agency_id, desk in visit.world.settings.desks().items():
        roles = roles_of(visit.person.groups, desk)
        agency = visit.world.settings.agency(agency_id) if roles else None
        if agency:
            named = ", ".join(visit.say(f"role.{role}") for role in sorted(roles))
            first = _first(agency_id, permissions_of(visit.person, desk))
            found.append(Place(agency_id, agency.name, named, first, barred(visit.person, desk)))
    return found


def _first(agency_id: str, may: frozenset[Permission]) -> str:
    """Return the path of the first page: the board, or the ledger for those who read that and nothing else."""
    if Permission.BOARD_SEE in may:
        return f"/desk/{agency_id}"
    return f"/desk/{agency_id}/ledger" if Permission.LEDGER_READ in may else ""
