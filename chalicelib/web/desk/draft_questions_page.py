"""Questions of a draft: what the survey asks in each language, on the page and by text, in which order."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from chalicelib.web.desk.choice import choice
from chalicelib.web.desk.draft_forms import Data, Forms, Seen, changed, shown
from chalicelib.web.desk.draft_order import reordered
from chalicelib.web.desk.visit import Answer, Visit

if TYPE_CHECKING:
    from chalicelib.insight.settings.form_fields import Field

_LIST = ("survey", "questions")


def questions(visit: Visit) -> Answer:
    """Show the questions."""
    return shown(visit, _FORMS)


def change_questions(visit: Visit) -> Answer:
    """Save questions, one more or one fewer, or another order."""
    return changed(visit, _FORMS)


def _fields(_visit: Visit, data: Data) -> "Iterable[Field]":
    from chalicelib.insight.settings.form_pages import by_text
    from chalicelib.insight.settings.form_pages import questions as own

    return [by_text(), *(one for question in own(data) for one in question)]


def _more(visit: Visit, seen: Seen) -> dict[str, Any]:
    from chalicelib.domain.settings.question_sets import SETS
    from chalicelib.insight.settings.form_pages import by_text, languages
    from chalicelib.insight.settings.form_pages import questions as own

    survey = seen.data.get("survey")
    named = survey.get("question_set", "standard") if isinstance(survey, dict) else "standard"
    mine = own(seen.data)
    return {
        "questions": [(_id(survey, each[0]), [seen.rows[one.name] for one in each]) for each in mine],
        "set": named if named in SETS and not mine else "",
        "of_set": SETS[named] if named in SETS and not mine else (),
        "by_text": seen.rows[by_text().name],
        "spoken": languages(seen.data),
        "typed": visit.asked.form,
    }


def _id(survey: Any, one: "Field") -> str:
    place = int(one.path[len(_LIST)])
    return str(survey["questions"][place].get("id", place + 1))


def _with_more(visit: Visit, text: str, data: Data) -> str:
    """Return a text with the questions of its set as its own, with one more, one fewer or another order, as asked."""
    from chalicelib.domain.settings.question_sets import SETS
    from chalicelib.insight.settings.edit import value_at
    from chalicelib.insight.settings.entries import with_entry
    from chalicelib.insight.settings.form_pages import languages
    from chalicelib.insight.settings.written import plain

    form = visit.asked.form
    own, named = value_at(data, _LIST), value_at(data, ("survey", "question_set")) or "standard"
    usual = () if own else next((questions for each, questions in SETS.items() if each == named), ())
    copied = bool(choice(form, "copy", ("", "yes")) and usual)
    more: list[dict[str, Any]] = [plain(one) for one in usual] if copied else []
    told = {name: words for name in languages(data) if (words := form.get(f"first.{name}", "").strip())}
    name = form.get("question", "").strip()
    if name and told and (own or copied):
        more.append({"id": name, "text": told})
    for entry in more:
        text = with_entry(text, _LIST, entry)
    return reordered(visit, text, data, _LIST)


_FORMS = Forms(name="questions", fields=_fields, more=_more, besides=_with_more)
