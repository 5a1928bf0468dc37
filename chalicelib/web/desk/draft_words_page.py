"""Words of a draft: each kind of text, in every language and for every outcome, as a phone would show it.

`of` names a type of call, for its own words, as the check writes it; without it they are the words of every type.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from chalicelib.web.desk.choice import choice
from chalicelib.web.desk.draft_forms import Data, Forms, Seen, changed, shown
from chalicelib.web.desk.visit import Answer, Visit

if TYPE_CHECKING:
    from chalicelib.insight.settings.form_fields import Field
    from chalicelib.insight.settings.form_pages import Cell, OwnType


def words(visit: Visit) -> Answer:
    """Show the texts of one kind."""
    return shown(visit, _FORMS)


def change_words(visit: Visit) -> Answer:
    """Save texts of one kind, or show how they would be read."""
    return changed(visit, _FORMS)


def _kind(visit: Visit) -> str:
    from chalicelib.insight.settings.form_pages import SETS

    given = visit.asked.form.get("kind") or visit.asked.query.get("kind", "")
    return given if given in SETS else SETS[0]


def _of(visit: Visit, data: Data) -> "OwnType | None":
    """Return the type whose own words the page has, or None for those of every type; UnknownChoice in a form."""
    from chalicelib.insight.settings.form_pages import types

    known = {one.name: one for one in types(data)}
    if visit.asked.method == "POST":
        return known.get(choice(visit.asked.form, "of", ("", *known)))
    return known.get(visit.asked.query.get("of", ""))


def _cells(visit: Visit, data: Data) -> "list[list[Cell]]":
    from chalicelib.insight.settings.form_pages import words as cells

    of = _of(visit, data)
    return cells(data, _kind(visit), of.path if of else ())


def _fields(visit: Visit, data: Data) -> "Iterable[Field]":
    return [cell.field for row in _cells(visit, data) for cell in row]


def _more(visit: Visit, seen: Seen) -> dict[str, Any]:
    from chalicelib.insight.settings.as_read import gets
    from chalicelib.insight.settings.form_pages import SETS, types

    agency, of, kind = seen.checked.agency, _of(visit, seen.data), _kind(visit)
    return {
        "kind": kind,
        "kinds": SETS,
        "texts": [[_shown(seen, cell) for cell in row] for row in _cells(visit, seen.data)],
        "types": types(seen.data),
        "of": of,
        "unsent": agency is not None and of is not None and kind != "email" and not gets(agency, of.path, kind),
        "readable": agency is not None,
    }


def _shown(seen: Seen, cell: "Cell") -> dict[str, Any]:
    from chalicelib.insight.settings.as_read import as_read, without

    agency = seen.checked.agency
    return {
        "cell": cell,
        "row": seen.rows[cell.field.name],
        "read": as_read(agency, cell) if agency else None,
        "ours": without(agency, cell) if agency else "",
    }


_FORMS = Forms(name="words", fields=_fields, more=_more)
