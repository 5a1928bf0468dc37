"""The columns of the tables about surveys: answers, comments apart, which of them are released, and low marks."""

from datetime import datetime
from typing import Annotated, Literal

from chalicelib.domain.lake.row import LakeRow, Number, Text, means

Release = Literal["released", "held"]
Seen = Literal["open", "closed"]


class SurveyAnswerRow(LakeRow, frozen=True, kw_only=True):
    """One row an answer of one person to one question; free text is in `comments`.

    The columns about the call are filled only as far as the agency's settings allow (`survey.carry`).
    Answers to an anonymous survey say nothing of the call, and of time only the week.
    """

    question: Annotated[str, means("the question's id, as the settings have it")]
    mark: Annotated[Number, means("1 to 5, where the question is a scale")] = None
    settings_version: Annotated[int, means("the settings by which the person was asked")]
    asked_at: Annotated[datetime, means("when the person was asked")]
    answered_at: Annotated[datetime, means("when the answers last changed")]
    respondent: Annotated[str, means("the same for all answers of one person to one survey; leads nowhere else")] = ""
    question_version: Annotated[
        str, means("changes with the question's words: one question of two versions is two; empty: no longer known")
    ] = ""
    questionnaire_version: Annotated[str, means("changes with the words of any of its questions")] = ""
    kind: Annotated[str, means("scale, yes_no, choice")] = "scale"
    about: Annotated[str, means("who is rated: officer, call_taker, agency; empty: no longer known")] = "agency"
    value: Annotated[str, means("the answer as a text: a mark, yes or no, the choice's id")] = ""
    asked_by: Annotated[str, means("how the person was asked: link, reply, card")] = "link"
    door: Annotated[str, means("how the person answered: link, reply, card; several with commas")] = "link"
    arm: Annotated[str, means("the arm of an experiment, as `door-2026 door=reply`; empty: none")] = ""
    language: Annotated[str, means("the language of the survey")] = "en"
    asked_on: Annotated[
        Text, means("the agency's own day of asked_at, YYYY-MM-DD; of an anonymous survey the week's Monday")
    ] = None
    carries: Annotated[
        Text, means("which facts of its call the answer may carry, with commas; empty: none, or not known")
    ] = None
    incident_type: Annotated[Text, means("the call's type, where answers may carry it")] = None
    beat: Annotated[Text, means("its beat, where answers may carry it")] = None
    shift: Annotated[Text, means("its shift, where answers may carry it")] = None
    unit: Annotated[Text, means("its first unit, where answers may carry it")] = None
    units: Annotated[Text, means("all its units, with commas, where answers may carry them")] = None
    hour: Annotated[Number, means("the agency's own hour of the call, where answers may carry it")] = None
    officer_ids: Annotated[Text, means("its officers, with commas, where answers may carry them")] = None
    call_taker_id: Annotated[Text, means("who took it, where answers may carry it")] = None
    officer: Annotated[
        Text, means("the officer, where one came alone and answers may carry it; (several): more, or not all named")
    ] = None


class CommentRow(LakeRow, frozen=True, kw_only=True):
    """One row a comment; apart, because nobody can promise that free text names nobody."""

    question: Annotated[str, means("the question's id, also of words that came by text beside its mark")]
    comment: Annotated[
        str, means("what was written, without phones, emails and plates; empty: taken back, or an allegation")
    ]
    answered_at: Annotated[datetime, means("when the answers last changed")]
    questionnaire_version: Annotated[str, means("changes with the words of any of the questions")] = ""
    about: Annotated[str, means("who is spoken of: officer, call_taker, agency; empty: no longer known")] = "agency"
    language: Annotated[str, means("the language of the survey")] = "en"
    asked_on: Annotated[
        Text, means("the agency's own day of the asking, YYYY-MM-DD; of an anonymous survey the week's Monday")
    ] = None
    words: Annotated[str, means("names these exact words: a release is of words")] = ""


class ReleaseRow(LakeRow, frozen=True, kw_only=True):
    """One row a comment on which somebody who read it decided; `id` is the comment's.

    It holds for the words that were read: a comment that is changed afterwards is not released any more.
    """

    words: Annotated[str, means("which words of the comment were read")]
    state: Annotated[Release, means("released: may be published; held: may not, unless it has a mask")]
    mask: Annotated[
        Text, means("an x for each character that is blacked out in what may be published; empty: none is")
    ] = None


class FollowUpRow(LakeRow, frozen=True, kw_only=True):
    """One row a low mark, or a wish to be called, that somebody must look at.

    It leads to no answer and no call. Allegations, answers that speak of danger, and praise are left out.
    """

    because: Annotated[str, means("low_score, contact")]
    state: Annotated[Seen, means("open until somebody notes what was done: then closed")]
    asked_on: Annotated[
        Text, means("the agency's own day of the asking, YYYY-MM-DD; of an anonymous survey the week's Monday")
    ] = None
    due_on: Annotated[Text, means("the agency's own day by which it is due; empty: an anonymous survey")] = None
    hours: Annotated[Number, means("from when it came up to when it was closed, whole hours begun")] = None
    in_time: Annotated[bool | None, means("closed by the time it was due; empty: open")] = None
