"""A survey by text: decide what a reply means, and what is said next. Pure.

A conversation ends by itself, even with a machine. Each question is asked once, once more if the reply was not clear,
and never again. A later answer still counts, until the survey closes.
"""

from datetime import datetime
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from chalicelib.domain.settings.questions import Mark, Question, Questions, Unread
from chalicelib.domain.surveys.read_comment import judge
from chalicelib.domain.surveys.read_reply import read_mark
from chalicelib.domain.surveys.read_reply import remark as beside
from chalicelib.domain.surveys.survey import Survey, Talk, next_question, remark, settled, take


class Say(StrEnum):
    """The kinds of message that a person gets next."""

    QUESTION = "question"
    AGAIN = "again"
    THANKS = "thanks"
    GOODBYE = "goodbye"


class Turn(Struct, frozen=True):
    """A survey after a reply, and the next message; `say` is None where nothing is sent."""

    survey: Survey
    say: Say | None = None
    question: Question | None = None


def hear(
    survey: Survey, questions: Questions, form: tuple[str, ...], body: str, name: str, at: datetime
) -> Turn | None:
    """Return the turn after a reply, or None where the reply is not about the survey.

    `name` is the text's own name; `form` names the questions that are asked by text, in their order.
    """
    if name in survey.talk.heard:
        return _repeated(survey, questions, form)
    question = next_question(survey, questions, form)
    if question is None:
        return None
    mark = read_mark(body, question, survey.language)
    if not _begun(survey) and not isinstance(mark, int):
        return None
    heard = _talk(survey, heard=(*survey.talk.heard, name))
    if survey.talk.over and (question.kind == "text" or isinstance(mark, Unread)):
        return None
    if mark is Unread.NO_MORE:
        return Turn(_talk(heard, over=at), Say.GOODBYE)
    if isinstance(mark, Unread):
        return _unclear(heard, question, body, at)
    return _answered(heard, question, mark, questions, form, body, at)


def _begun(survey: Survey) -> bool:
    """Tell whether a conversation has begun; a person who was sent a link begins one by answering with a clear mark."""
    return survey.door == "reply" or "reply" in survey.doors


def _answered(
    survey: Survey,
    question: Question,
    mark: Mark,
    questions: Questions,
    form: tuple[str, ...],
    body: str,
    at: datetime,
) -> Turn:
    taken = take(survey, question, mark)
    if question.kind != "text":
        taken = remark(taken, question, beside(body, survey.language))
    taken = settled(taken, survey, "reply", at)
    following = next_question(taken, questions, form)
    if following is None or taken.talk.over:
        return Turn(_talk(taken, over=taken.talk.over or at), Say.THANKS)
    return Turn(taken, Say.QUESTION, following)


def _unclear(survey: Survey, question: Question, body: str, at: datetime) -> Turn | None:
    """Return the question once more, or nothing after that; words that staff must see are kept with the survey."""
    told = judge(body, survey.language).kinds
    kept = settled(remark(survey, question, body.strip()), survey, "reply", at) if told else survey
    if question.id not in survey.talk.again:
        return Turn(_talk(kept, again=(*survey.talk.again, question.id)), Say.AGAIN, question)
    return Turn(kept) if kept is not survey else None


def _repeated(survey: Survey, questions: Questions, form: tuple[str, ...]) -> Turn:
    """Return the turn for a text that is heard again: the function may have died before it answered."""
    question = next_question(survey, questions, form)
    if question is None or survey.talk.over:
        return Turn(survey, Say.THANKS)
    return Turn(survey, Say.AGAIN if question.id in survey.talk.again else Say.QUESTION, question)


def _talk(survey: Survey, **changes: object) -> Survey:
    known: Talk = survey.talk
    return replace(survey, talk=replace(known, **changes))
