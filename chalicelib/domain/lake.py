"""What analysts see: incidents, notifications, answers and updates without the persons in them.

Each row has an `id` that says nothing, a `version` that grows, and `dt`, the UTC day on which it was first
written (an answer's: on which the person was asked): a later version takes the earlier one's place in the same
day. These types are the one truth about the columns: the Glue tables and docs/analyst.md are written from them.
A column that is added has a default, so that days that were written before it can still be read.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

from chalicelib.domain.identity import IncidentKey, Kind
from chalicelib.domain.incident import Incident
from chalicelib.domain.notification import Channel, State
from chalicelib.domain.plan import Skipped


def _is(meaning: str) -> Meta:
    return Meta(description=meaning)


Released = Literal["held", "released"]
FollowUp = Literal["open", "closed"]
Text = str | None
Number = int | None
Instant = datetime | None
NotTold = Annotated[Text, _is("why somebody on it is not told this: the first reason, in the order of people")]


class LakeRow(Struct, frozen=True, kw_only=True):
    """What every row has; `dt` is the partition."""

    id: Annotated[str, _is("says nothing, stays the same")]
    version: Annotated[int, _is("grows with each change; you see the latest")]
    dt: date
    agency_id: Annotated[str, _is("the agency")]


class IncidentRow(LakeRow, frozen=True, kw_only=True):
    """One row an incident: its nature, its milestones, the time between them, how it ended, who called again."""

    incident_number: Annotated[str, _is("the dispatch system's number")]
    origin: Annotated[Text, _is("how it came in: 911, text_911, non_emergency, online, alarm, officer_initiated")]
    incident_type: Annotated[Text, _is("the type's code, as last told")]
    priority: Annotated[Text, _is("the priority, as last told")]
    beat: Annotated[Text, _is("the beat")]
    shift: Annotated[Text, _is("the shift")]
    response_mode: Annotated[Text, _is("in_person, phone, online, none")]
    received_at: Annotated[Instant, _is("when the call was received")]
    queued_at: Annotated[Instant, _is("when it waited for a unit")]
    dispatched_at: Annotated[Instant, _is("when a unit was sent")]
    enroute_at: Annotated[Instant, _is("when a unit was on its way")]
    arrived_at: Annotated[Instant, _is("when officers came; empty: nobody came, or nobody said so")]
    closed_at: Annotated[Instant, _is("when it was closed")]
    cancelled_at: Annotated[Instant, _is("when it was called off")]
    outcome: Annotated[Text, _is("its class: handled, report_taken, lookout, unable_to_locate, cancelled")]
    unit: Annotated[Text, _is("the first unit named; never who was in it")] = None
    received_on: Annotated[Text, _is("the agency's own day of the call, YYYY-MM-DD (first heard of, where untold)")] = (
        None
    )
    received_hour: Annotated[Number, _is("the agency's own hour of the call, 0 to 23")] = None
    first_heard_at: Annotated[Instant, _is("when tenfour first heard of it")] = None
    lag_seconds: Annotated[Number, _is("from the call to when tenfour first heard; negative: clocks differ")] = None
    dispatch_seconds: Annotated[Number, _is("from the call to the dispatch; empty where times contradict")] = None
    response_seconds: Annotated[Number, _is("from the call to the arrival; empty where times contradict")] = None
    open_seconds: Annotated[Number, _is("from the call to the closing; empty where times contradict")] = None
    duplicate: Annotated[bool | None, _is("it is the same as another incident, which speaks for it")] = None
    repeat_contacts: Annotated[
        int, _is("how often somebody on it called again while it was open, as duplicates that dispatch linked")
    ] = 0
    last_repeat_at: Annotated[Instant, _is("when such a call was last linked")] = None
    settings_version: Annotated[int, _is("the settings by which it was last decided on")] = 0
    no_acknowledgment: NotTold = None
    no_dispatched: NotTold = None
    no_delay: NotTold = None
    no_outcome: NotTold = None
    no_case_number: NotTold = None
    no_survey: NotTold = None


class NotificationRow(LakeRow, frozen=True, kw_only=True):
    """One row a notification: what was decided for one person, and what became of it."""

    incident_number: Annotated[str, _is("the dispatch system's number")]
    kind: Annotated[Kind, _is("acknowledgment, dispatched, delay, outcome, case_number, survey")]
    ordinal: Annotated[int, _is("0 for the first of its kind, 1 for its repetition")]
    channel: Annotated[Channel, _is("sms, email")]
    variant: Annotated[str, _is("which words of its kind: an outcome's class, a survey's arm")]
    state: Annotated[State, _is("where it stands")]
    reason: Annotated[str, _is("why it stands there; a carrier's word where one said so")]
    provider: Annotated[str, _is("who took it; empty: nobody yet")]
    segments: Annotated[int, _is("the carrier's unit of cost; 0 for an email")]
    attempts: Annotated[int, _is("how often it was tried")]
    settings_version: Annotated[int, _is("the settings that made it")]
    planned_for: Annotated[datetime, _is("when it should go")]
    sent_at: Annotated[Instant, _is("when a provider took it")]
    finished_at: Annotated[Instant, _is("when its state became final")]
    incident_id: Annotated[str, _is("the incident's id")] = ""
    language: Annotated[str, _is("the language that it was written in; empty before that")] = ""
    cost: Annotated[float | None, _is("dollars, as the provider told it; empty where it did not")] = None
    template_version: Annotated[str, _is("names the exact words that were filled in; empty before that")] = ""
    arm: Annotated[str, _is("the arm of an experiment; empty: none")] = ""
    planned_on: Annotated[Text, _is("the agency's own day of planned_for, YYYY-MM-DD")] = None
    planned_hour: Annotated[Number, _is("the agency's own hour of planned_for, 0 to 23")] = None
    sent_on: Annotated[Text, _is("the agency's own day of sent_at, YYYY-MM-DD")] = None
    wait_seconds: Annotated[Number, _is("from planned_for to sent_at")] = None


class SurveyAnswerRow(LakeRow, frozen=True, kw_only=True):
    """One row an answer of one person to one question; free text is in `comments`.

    What it says of the call is there only as far as the agency's settings let answers carry it (`survey.carry`).
    Answers to an anonymous survey say nothing of the call, and of time only the week.
    """

    question: Annotated[str, _is("the question's id, as the settings have it")]
    mark: Annotated[Number, _is("1 to 5, where the question is a scale")] = None
    settings_version: Annotated[int, _is("the settings by which the person was asked")]
    asked_at: Annotated[datetime, _is("when the person was asked")]
    answered_at: Annotated[datetime, _is("when the answers last changed")]
    respondent: Annotated[str, _is("the same for all answers of one person to one survey; leads nowhere else")] = ""
    question_version: Annotated[
        str, _is("changes with the question's words: one question of two versions is two; empty: no longer known")
    ] = ""
    questionnaire_version: Annotated[str, _is("changes with the words of any of its questions")] = ""
    kind: Annotated[str, _is("scale, yes_no, choice")] = "scale"
    about: Annotated[str, _is("who is rated: officer, call_taker, agency; empty: no longer known")] = "agency"
    value: Annotated[str, _is("the answer as a text: a mark, yes or no, the choice's id")] = ""
    asked_by: Annotated[str, _is("how the person was asked: link, reply, card")] = "link"
    door: Annotated[str, _is("how the person answered: link, reply, card; several with commas")] = "link"
    arm: Annotated[str, _is("the arm of an experiment, as `door-2026 door=reply`; empty: none")] = ""
    language: Annotated[str, _is("the language of the survey")] = "en"
    asked_on: Annotated[
        Text, _is("the agency's own day of asked_at, YYYY-MM-DD; of an anonymous survey the week's Monday")
    ] = None
    incident_type: Annotated[Text, _is("the call's type, where answers may carry it")] = None
    beat: Annotated[Text, _is("its beat, where answers may carry it")] = None
    shift: Annotated[Text, _is("its shift, where answers may carry it")] = None
    unit: Annotated[Text, _is("its first unit, where answers may carry it")] = None
    units: Annotated[Text, _is("all its units, with commas, where answers may carry them")] = None
    hour: Annotated[Number, _is("the agency's own hour of the call, where answers may carry it")] = None
    officer_ids: Annotated[Text, _is("its officers, with commas, where answers may carry them")] = None
    call_taker_id: Annotated[Text, _is("who took it, where answers may carry it")] = None
    follow_up: Annotated[FollowUp | None, _is("a low mark's follow-up: open, closed; empty: not told, as today")] = None
    follow_up_due_at: Annotated[Instant, _is("until when somebody should have answered it; empty today")] = None
    followed_up_at: Annotated[Instant, _is("when somebody had; empty today")] = None


class CommentRow(LakeRow, frozen=True, kw_only=True):
    """One row a comment; apart, because nobody can promise that free text names nobody."""

    question: Annotated[str, _is("the question's id, also of words that came by text beside its mark")]
    comment: Annotated[str, _is("what was written, without phones, emails and plates; empty: taken back")]
    answered_at: Annotated[datetime, _is("when the answers last changed")]
    questionnaire_version: Annotated[str, _is("changes with the words of any of the questions")] = ""
    about: Annotated[str, _is("who is spoken of: officer, call_taker, agency; empty: no longer known")] = "agency"
    language: Annotated[str, _is("the language of the survey")] = "en"
    asked_on: Annotated[
        Text, _is("the agency's own day of the asking, YYYY-MM-DD; of an anonymous survey the week's Monday")
    ] = None
    state: Annotated[Released, _is("held until somebody has read it; only what is released may be published")] = "held"


class UpdateRow(LakeRow, frozen=True, kw_only=True):
    """One row for each webhook that told something new of an incident: how the feed lives."""

    incident_id: Annotated[str, _is("the incident's id")]
    heard_at: Annotated[datetime, _is("when tenfour heard it")]
    as_of: Annotated[datetime, _is("of when it speaks: the latest of its updates")]
    updates: Annotated[int, _is("how many updates it held")]
    heard_on: Annotated[Text, _is("the agency's own day of heard_at, YYYY-MM-DD")] = None
    heard_hour: Annotated[Number, _is("the agency's own hour of heard_at, 0 to 23")] = None
    lag_seconds: Annotated[Number, _is("from as_of to heard_at")] = None


class IncidentVersion(Struct, frozen=True):
    """An incident as it stood after one change, with what it does not get and by which settings."""

    incident: Incident
    version: int
    created_at: datetime
    skipped: tuple[Skipped, ...] = ()
    settings_version: int = 0


class UpdateHeard(Struct, frozen=True, kw_only=True):
    """One webhook's word about one incident: that it came, not what it said."""

    key: IncidentKey
    source_id: str
    heard_at: datetime
    as_of: datetime
    updates: int


class Landed(Struct, frozen=True):
    """A file of rows that waits for compaction."""

    name: str
    table: str
    dt: date


class Day(Struct, frozen=True):
    """One table's rows of one day, and the tag of the object that they were read from; none for a new one."""

    rows: tuple[LakeRow, ...] = ()
    tag: str | None = None


TABLES: dict[str, type[LakeRow]] = {
    "incidents": IncidentRow,
    "notifications": NotificationRow,
    "survey_answers": SurveyAnswerRow,
    "comments": CommentRow,
    "updates": UpdateRow,
}
_NAMES = {kind: name for name, kind in TABLES.items()}


def table_of(row: LakeRow) -> str:
    """Return the name of the table to which a row belongs."""
    return _NAMES[type(row)]


def newest(rows: Iterable[LakeRow]) -> list[LakeRow]:
    """Return the last version of each row, in the order of their ids; of two alike the first."""
    latest: dict[str, LakeRow] = {}
    for row in rows:
        known = latest.get(row.id)
        if known is None or known.version < row.version:
            latest[row.id] = row
    return [latest[name] for name in sorted(latest)]
