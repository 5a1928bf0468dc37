"""Rules of a draft: hours, delays, caps, dispositions, follow-up desks and numbers, each with what it does."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from chalicelib.web.desk.choice import choice
from chalicelib.web.desk.draft_forms import Data, Forms, Seen, changed, shown
from chalicelib.web.desk.visit import Answer, Visit

if TYPE_CHECKING:
    from chalicelib.insight.settings.form_fields import Field


def rules(visit: Visit) -> Answer:
    """Show the rules."""
    return shown(visit, _FORMS)


def change_rules(visit: Visit) -> Answer:
    """Save rules."""
    return changed(visit, _FORMS)


def _fields(_visit: Visit, data: Data) -> "Iterable[Field]":
    from chalicelib.insight.settings.form_pages import rules as groups

    return [one for group in groups(data).values() for one in group]


def _more(visit: Visit, seen: Seen) -> dict[str, Any]:
    from chalicelib.insight.settings.form_pages import OUTCOMES
    from chalicelib.insight.settings.form_pages import rules as groups

    told = {name: [seen.rows[one.name] for one in group] for name, group in groups(seen.data).items()}
    return {"groups": told, "outcomes": OUTCOMES, "typed": visit.asked.form}


def _with_code(visit: Visit, text: str, data: Data) -> str:
    """Return a text with one more disposition, where somebody typed its code."""
    from chalicelib.insight.settings.form_fields import given
    from chalicelib.insight.settings.form_pages import OUTCOMES, disposition

    code = " ".join(visit.asked.form.get("code", "").split())
    means = choice(visit.asked.form, "means", ("", *OUTCOMES))
    return given(text, data, disposition(code), means) if code and means else text


_FORMS = Forms(name="rules", fields=_fields, more=_more, besides=_with_code)
