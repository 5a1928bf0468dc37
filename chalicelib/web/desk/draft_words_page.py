"""Words of a draft: each kind of text, in every language and for every outcome, as a phone would show it."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from chalicelib.web.desk.draft_forms import Data, Forms, Seen, changed, shown
from chalicelib.web.desk.visit import Answer, Visit

if TYPE_CHECKING:
    from chalicelib.insight.settings.form_fields import Field
    from chalicelib.insight.settings.form_pages import Cell


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


def _fields(visit: Visit, data: Data) -> "Iterable[Field]":
    from chalicelib.insight.settings.form_pages import words as cells

    return [cell.field for row in cells(data, _kind(visit)) for cell in row]


def _more(visit: Visit, seen: Seen) -> dict[str, Any]:
    from chalicelib.insight.settings.as_read import types_with_words
    from chalicelib.insight.settings.form_pages import SETS
    from chalicelib.insight.settings.form_pages import words as cells

    agency = seen.checked.agency
    return {
        "kind": _kind(visit),
        "kinds": SETS,
        "texts": [[_shown(seen, cell) for cell in row] for row in cells(seen.data, _kind(visit))],
        "types": ", ".join(types_with_words(agency)) if agency else "",
        "readable": agency is not None,
    }


def _shown(seen: Seen, cell: "Cell") -> dict[str, Any]:
    from chalicelib.insight.settings.as_read import as_read, tenfours

    agency = seen.checked.agency
    return {
        "cell": cell,
        "row": seen.rows[cell.field.name],
        "read": as_read(agency, cell) if agency else None,
        "ours": tenfours(agency, cell) if agency else "",
    }


_FORMS = Forms(name="words", fields=_fields, more=_more)
