"""Rules of a draft: hours, delays, caps, dispositions, follow-up desks and numbers, each with what it does."""

import tomllib
from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING, Any

from chalicelib.domain.desk.permissions import Role
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
    from chalicelib.insight.settings.form_pages import OUTCOMES, languages
    from chalicelib.insight.settings.form_pages import rules as groups

    told = {name: [seen.rows[one.name] for one in group] for name, group in groups(seen.data).items()}
    return {
        "groups": told,
        "outcomes": OUTCOMES,
        "roles_known": tuple(Role),
        "first_language": languages(seen.data)[0],
        "typed": visit.asked.form,
    }


def _with_more(visit: Visit, text: str, data: Data) -> str:
    """Return a text with one more disposition, group or answer, where somebody typed its name and what it is."""
    from chalicelib.insight.settings.edit import value_at
    from chalicelib.insight.settings.form_fields import given
    from chalicelib.insight.settings.form_fields import shown as shown_as
    from chalicelib.insight.settings.form_pages import OUTCOMES, answer, disposition, group_roles, languages

    form, (code, group, name) = visit.asked.form, (_typed(visit, one) for one in ("code", "group", "answer_name"))
    means, role = choice(form, "means", ("", *OUTCOMES)), choice(form, "role", ("", *Role))
    known = shown_as(value_at(data, group_roles(group).path)).split("\n") if group else []
    roles = "\n".join(dict.fromkeys(filter(None, (*known, role)))) if role else ""
    words = form.get("answer_words", "").strip()
    more = ((code, disposition, means), (group, group_roles, roles), (name, partial(answer, languages(data)[0]), words))
    for called, of, value in more:
        if called and value:
            text = given(text, tomllib.loads(text), of(called), value)
    return text


def _typed(visit: Visit, field: str) -> str:
    return " ".join(visit.asked.form.get(field, "").split())


_FORMS = Forms(name="rules", fields=_fields, more=_more, besides=_with_more)
