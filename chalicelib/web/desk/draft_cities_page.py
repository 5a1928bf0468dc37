"""Cities of a draft: where each is, what it is called, what is different there, and which counts first."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from chalicelib.web.desk.draft_forms import Data, Forms, Seen, changed, shown
from chalicelib.web.desk.draft_order import reordered
from chalicelib.web.desk.visit import Answer, Visit

if TYPE_CHECKING:
    from chalicelib.insight.settings.form_fields import Field

_LIST = ("cities",)


def cities(visit: Visit) -> Answer:
    """Show the cities."""
    return shown(visit, _FORMS)


def change_cities(visit: Visit) -> Answer:
    """Save cities, one more or one fewer, or another order."""
    return changed(visit, _FORMS)


def _fields(_visit: Visit, data: Data) -> "Iterable[Field]":
    from chalicelib.insight.settings.form_pages import cities as own

    return [one for city in own(data) for one in city]


def _more(visit: Visit, seen: Seen) -> dict[str, Any]:
    from chalicelib.insight.settings.form_pages import cities as own
    from chalicelib.insight.settings.form_pages import types

    listed = own(seen.data)
    return {
        "cities": [(_name(seen.data, each[0]), [seen.rows[one.name] for one in each]) for each in listed],
        "types": [[one for one in types(seen.data) if one.path[:2] == each[0].path[:2]] for each in listed],
        "typed": visit.asked.form,
    }


def _name(data: Data, one: "Field") -> str:
    place = int(one.path[len(_LIST)])
    return str(data["cities"][place].get("name", place + 1))


def _with_more(visit: Visit, text: str, data: Data) -> str:
    """Return a text with one city more, one fewer or in another order, as a form asks for it."""
    from chalicelib.insight.settings.entries import with_entry

    form = visit.asked.form
    beats = [line.strip() for line in form.get("city_beats", "").split("\n") if line.strip()]
    told = {"name": form.get("city_name", "").strip(), "short_name": form.get("city_short", "").strip(), "beats": beats}
    city = {name: value for name, value in told.items() if value}
    return reordered(visit, with_entry(text, _LIST, city) if city else text, data, _LIST)


_FORMS = Forms(name="cities", fields=_fields, more=_more, besides=_with_more)
