"""Words of somebody who comes back: added to those before, which the page does not show again.

Anybody may hold the link, so the page shows nothing that was answered. Words that are typed into an empty field must
then not replace a story that nobody sees. Each page that is opened is a visit. Its words are saved many times while
they are typed: they follow whatever was there when the visit began, and replace only themselves.
"""

from collections.abc import Mapping

from msgspec.structs import replace

from chalicelib.domain.settings.questions import Question
from chalicelib.domain.surveys.survey import Survey, Visit

MOST_WORDS = 10_000
"""The most characters that are kept of one question over all visits: of more, the first ones go.

The last words may speak of danger, and nobody has read them yet.
"""

VISIT = "this-visit"
"""The field with a page's own name. It has a hyphen, which no question's id has."""


def take_back_field(question: Question) -> str:
    """Return the name of the field that asks to delete what was written to a question before."""
    return f"take-back-{question.id}"


def write(survey: Survey, question: Question, words: str, form: Mapping[str, str]) -> Survey:
    """Return the survey with a visit's words after those before it, or in their place if they are to be deleted."""
    visit, known = form[VISIT], survey.visits.get(question.id)
    told = survey.answers.comments.get(question.id, "")
    before = told[: known.kept] if known and known.name == visit else told
    if take_back_field(question) in form:
        before = ""
    if before == words or before.endswith("\n" + words):  # a browser filled its own words in once more
        words = ""
    room = MOST_WORDS - len(words) - 1
    if words and len(before) > room:
        before = before[len(before) - max(0, room) :]
    now = "\n".join(filter(None, (before, words)))[-MOST_WORDS:]
    if now == told:
        return survey
    answers = replace(survey.answers, comments={**survey.answers.comments, question.id: now})
    visits = {**survey.visits, question.id: Visit(name=visit, kept=len(before))}
    return replace(survey, answers=answers, visits=visits)
