"""One thing that a person is asked, and when: the parts of a questionnaire.

A questionnaire's version is a hash of all that a person reads in it, so a changed question is another one.
"""

import hashlib
from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from chalicelib.domain.language import AnyLanguage, Language

QuestionId = Annotated[str, Meta(pattern=r"^[a-z][a-z_]{0,23}$")]
QuestionText = Annotated[str, Meta(min_length=1, max_length=160)]
Label = Annotated[str, Meta(min_length=1, max_length=40)]
QuestionKind = Literal["scale", "yes_no", "choice", "text"]
About = Literal["call_taker", "officer", "agency"]

SCALE = (1, 2, 3, 4, 5)
YES_NO = ("yes", "no")
RESERVED = frozenset({"proof", "seen", "ours", "first", "done", "lang"})
"""Fields of the survey's form that are no answers."""

LONGEST_COMMENT = 2000

Mark = int | str
"""An answer: 1 to 5 on a scale, `yes` or `no`, a choice's id, or the words of a text."""


class Unread(StrEnum):
    """A reply that is no answer to the question: not clear, or the wish to be asked no more."""

    UNCLEAR = "unclear"
    NO_MORE = "no_more"


class Choice(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One of the answers to choose from, in each language."""

    id: QuestionId
    text: Annotated[dict[AnyLanguage, Label], Meta(min_length=1)]


class OnlyIf(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An earlier question, and those answers to it after which the next is asked: `1` to `5`, `yes`, `no`, a choice."""

    question: QuestionId
    answers: Annotated[tuple[str, ...], Meta(min_length=1, max_length=12)]


class Question(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """One question, in each language; `about` is who is rated, `sms` how it is asked by text where that differs.

    `labels` say what a scale's marks mean: two for its ends, or one for each mark.
    """

    id: QuestionId
    text: Annotated[dict[AnyLanguage, QuestionText], Meta(min_length=1)]
    kind: QuestionKind = "scale"
    about: About = "agency"
    labels: dict[AnyLanguage, Annotated[tuple[Label, ...], Meta(min_length=2, max_length=5)]] = {}
    choices: Annotated[tuple[Choice, ...], Meta(max_length=9)] = ()
    only_if: OnlyIf | None = None
    sms: dict[Language, QuestionText] = {}

    def words(self, language: str) -> str:
        """Return the question in a language, or in the first that it has."""
        return self.text.get(language) or next(iter(self.text.values()))

    def by_text(self, language: Language) -> str:
        """Return the question as a text message asks it, or "" where the usual words do."""
        return self.sms.get(language, "")

    def label(self, language: str, mark: int) -> str:
        """Return what a mark of the scale means, or "" where the settings do not say."""
        labels = self.labels.get(language, ())
        if len(labels) == len(SCALE):
            return labels[mark - 1]
        return {SCALE[0]: labels[0], SCALE[-1]: labels[-1]}.get(mark, "") if labels else ""

    @property
    def version(self) -> str:
        """Return a name for all that the question says: 12 hex digits."""
        return _hash(self)

    def read(self, given: str) -> Mark | None:
        """Return the mark that a form's field stands for, or None where it is none."""
        text = given.strip()
        match self.kind:
            case "scale":
                return int(text) if text in set(map(str, SCALE)) else None
            case "yes_no":
                return text if text in YES_NO else None
            case "choice":
                return text if text in {choice.id for choice in self.choices} else None
        return text[:LONGEST_COMMENT] or None


Questions = tuple[Question, ...]


def questionnaire(questions: Questions) -> str:
    """Return the version of a questionnaire: another one as soon as anything that a person reads is another."""
    return _hash(questions)


def applies(question: Question, answers: Mapping[str, Mark]) -> bool:
    """Tell whether the answers so far call for a question; one whose condition is not answered yet waits."""
    condition = question.only_if
    return condition is None or str(answers.get(condition.question, "")) in condition.answers


def question_problems(questions: Questions) -> Iterator[tuple[int, str, str]]:
    """Yield what is wrong between the parts of a questionnaire: the question's place, the field, and why."""
    earlier: dict[str, Question] = {}
    for place, question in enumerate(questions):
        if question.id in earlier:
            yield place, "id", f"{question.id} is the id of two questions"
        if question.id in RESERVED:
            yield place, "id", f"{question.id} is a field of the page itself"
        if (question.kind == "choice") != bool(question.choices):
            yield place, "choices", "a choice has choices, and no other kind has"
        ids = [choice.id for choice in question.choices]
        if len(ids) != len(set(ids)):
            yield place, "choices", "two choices have one id"
        if question.labels and question.kind != "scale":
            yield place, "labels", "only a scale has labels"
        if any(len(labels) not in (2, len(SCALE)) for labels in question.labels.values()):
            yield place, "labels", "a scale has two labels, for its ends, or five"
        if question.only_if:
            yield from ((place, "only_if", why) for why in _condition_problems(question.only_if, earlier))
        earlier[question.id] = question


def _condition_problems(condition: OnlyIf, earlier: Mapping[str, Question]) -> Iterator[str]:
    asked = earlier.get(condition.question)
    if asked is None or asked.kind == "text":
        yield f"{condition.question} is no question with marks before this one"
    elif any(asked.read(answer) is None for answer in condition.answers):
        yield f"{condition.question} has no such answer"


def _hash(what: object) -> str:
    return hashlib.sha256(msgspec.json.encode(what, order="sorted")).hexdigest()[:12]
