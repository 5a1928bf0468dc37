"""Every page and form of the desk, from the table of its routes: a new one is tried without a line here."""

from chalicelib.web.desk.routes import ROUTES
from tests.factories import PHONE

AN_HOUR_AGO = "2026-11-21T17:55:00+00:00"


def path_of(route, agency="springfield"):
    """Return the address of a route at one agency."""
    return route.path.replace("{agency_id}", agency).replace("{name}", "live.js")


def pages(*, fragments=False):
    """Return the routes that a browser shows as a page; `fragments` are parts that the script asks for."""
    shown = (one for one in ROUTES if one.method == "GET" and "{name}" not in one.path and not one.path.endswith("-in"))
    return [one for one in shown if fragments or not one.fragment]


def named(world, phone=PHONE, number="P26-1", key="cad-1"):
    """Return fields that name what a full desk has: whatever a page or a form asks for is among them."""
    keyed = world.contacts.reference(phone).keyed_hash
    return {
        "number": number,
        "of": keyed,
        "with": keyed,
        "at": AN_HOUR_AGO,
        "why": "complaint",
        "ticket": "T-1",
        "name": key,
        "since": "2026-11-20T18:00",
        "until": "2026-11-21T18:00",
        "cause": "danger",
    }
