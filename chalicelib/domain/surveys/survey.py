"""One person's survey: asked once, answered on the page or by text, and changed until it closes.

The survey does not say who the person is. Each answer is stored as it comes, so half a survey counts too.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from msgspec import Struct
from msgspec.structs import replace

from chalicelib.domain.language import Language
from chalicelib.domain.names import NotificationKey
from chalicelib.domain.settings.experiment import Arm
from chalicelib.domain.settings.questions import LONGEST_COMMENT, About, Mark, Question, Questions, applies

Door = Literal["link", "reply", "card"]
"""How a person is asked, or answers: on the page, by text, or on the page behind a card that an officer gave."""

LINK_LIFE = timedelta(days=30)
MOST_CHANGES = 200
"""The most changes of a survey. Nobody changes their mind so often, so more are a flood and are refused."""


class Answers(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The answers of one person, each by its question: marks of scales, choices (`yes` and `no` too), and words.

    `remarks` are words that came by text beside a mark, or in its place.
    """

    marks: dict[str, int] = {}
    choices: dict[str, str] = {}
    comments: dict[str, str] = {}
    remarks: dict[str, str] = {}

    def __bool__(self) -> bool:
        """Tell whether anything was answered."""
        return bool(self.all or self.remarks)

    @property
    def words(self) -> tuple[str, ...]:
        """Return all answers in words."""
        return tuple(filter(None, (*self.comments.values(), *self.remarks.values())))

    @property
    def all(self) -> dict[str, Mark]:
        """Return every answer by its question; words that were taken back are none."""
        return {**{name: words for name, words in self.comments.items() if words}, **self.choices, **self.marks}


class Carried(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Facts of its incident that an answer carries: only those that the agency's settings allow (`survey.carry`).

    `allowed` names them, so that a fact that the call lacked is told from one that the answer may not carry.
    `officer` is the one who came, or `(several)`. Answers from before this field have none: they count for nobody.
    """

    allowed: tuple[str, ...] = ()
    incident_type: str | None = None
    beat: str | None = None
    shift: str | None = None
    hour: int | None = None
    units: tuple[str, ...] = ()
    officer_ids: tuple[str, ...] = ()
    call_taker_id: str | None = None
    officer: str | None = None


class Talk(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The state of a conversation by text: the questions that were asked twice, and the texts that were read.

    `over` is when the person wished to be asked no more, or had answered everything.
    """

    again: tuple[str, ...] = ()
    heard: tuple[str, ...] = ()
    over: datetime | None = None


class Visit(Struct, frozen=True, kw_only=True):
    """The page that wrote the latest words to a question; the first `kept` characters were there before it."""

    name: str
    kept: int


class Survey(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One person's survey. `token_hash` is all that is kept of the link.

    `settings_version` says with which settings it was asked, `questionnaire` is the version of those questions,
    `judges` what the person can judge. An anonymous survey has no `notification`, and instants of whole weeks.
    `expires_at` is when the link ends and answers can't be changed any more; `version` counts the changes.
    """

    token_hash: str
    agency_id: str
    notification: NotificationKey | None = None
    called: str = ""
    settings_version: int
    questionnaire: str = ""
    language: Language = "en"
    door: Door = "link"
    arm: Arm = Arm()
    judges: tuple[About, ...] = ("call_taker", "officer", "agency")
    carried: Carried = Carried()
    anonymous: bool = False
    asked_at: datetime
    expires_at: datetime
    keep_until: datetime | None
    answered_at: datetime | None = None
    changed_at: datetime | None = None
    answers: Answers = Answers()
    doors: tuple[Door, ...] = ()
    talk: Talk = Talk()
    visits: dict[str, Visit] = {}
    version: int = 0


class InvalidAnswer(ValueError):
    """A mark that the form can't have sent; the text is the question's id."""


def asked(survey: Survey, questions: Questions) -> Questions:
    """Return the questions that this person can judge and whose conditions their answers so far meet."""
    answers = survey.answers.all
    return tuple(one for one in questions if one.about in survey.judges and applies(one, answers))


def judgeable(survey: Survey, questions: Questions) -> Questions:
    """Return every question that this person may come to be asked, whatever they answer."""
    return tuple(one for one in questions if one.about in survey.judges)


def next_question(survey: Survey, questions: Questions, form: Iterable[str] = ()) -> Question | None:
    """Return the first question that is asked and not answered; `form` names those of a shorter form, in its order."""
    open_ones = {one.id: one for one in asked(survey, questions) if one.id not in survey.answers.all}
    wanted = tuple(form) or tuple(open_ones)
    return next((open_ones[name] for name in wanted if name in open_ones), None)


def read_answers(form: Mapping[str, str], questions: Questions) -> dict[str, Mark]:
    """Return what was answered, by question, blanks left out; InvalidAnswer for a mark that is none.

    Fields that are no question of this survey are ignored.
    """
    given = {one.id: (one, form.get(one.id, "").strip()) for one in questions}
    marks = {name: (one.read(text), text) for name, (one, text) in given.items() if text}
    for name, (mark, _) in marks.items():
        if mark is None:
            raise InvalidAnswer(name)
    return {name: mark for name, (mark, _) in marks.items() if mark is not None}


def take(survey: Survey, question: Question, mark: Mark) -> Survey:
    """Return the survey with one answer in place of any before."""
    answers = survey.answers
    if question.kind == "text":
        answers = replace(answers, comments={**answers.comments, question.id: str(mark)})
    elif question.kind == "scale":
        answers = replace(answers, marks={**answers.marks, question.id: int(mark)})
    else:
        answers = replace(answers, choices={**answers.choices, question.id: str(mark)})
    return replace(survey, answers=answers)


def remark(survey: Survey, question: Question, words: str) -> Survey:
    """Return the survey with words beside a question's mark, after those that were there."""
    if not words:
        return survey
    known = survey.answers.remarks
    said = "\n".join(filter(None, (known.get(question.id), words)))[:LONGEST_COMMENT]
    return replace(survey, answers=replace(survey.answers, remarks={**known, question.id: said}))


def erase(survey: Survey, question: Question) -> Survey:
    """Return the survey with the words of one question taken back; the empty ones take their place in the lake too."""
    comments = survey.answers.comments
    if not comments.get(question.id):
        return survey
    return replace(survey, answers=replace(survey.answers, comments={**comments, question.id: ""}))


def settled(survey: Survey, before: Survey, door: Door, at: datetime) -> Survey:
    """Return a survey that has been answered through a door, stamped where its answers differ from those before."""
    if survey.answers == before.answers:
        return survey
    doors = survey.doors if door in survey.doors else (*survey.doors, door)
    when = survey.asked_at if survey.anonymous else at
    stamps: dict[str, Any] = {"answered_at": survey.answered_at or when, "changed_at": when}
    return replace(survey, doors=doors, **stamps)


def week_of(at: datetime) -> datetime:
    """Return when the week of an instant begins: all that an anonymous survey keeps of time."""
    day = at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return day - timedelta(days=day.weekday())


def life(*, anonymous: bool) -> timedelta:
    """Return how long a link works, from when it was asked, or from the beginning of that week."""
    return LINK_LIFE + timedelta(weeks=1) if anonymous else LINK_LIFE


def closed(survey: Survey, at: datetime) -> bool:
    """Tell whether nothing can be answered or changed any more."""
    return survey.expires_at <= at or survey.version >= MOST_CHANGES
