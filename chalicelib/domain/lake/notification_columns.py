"""The columns of the table of notifications: each message that was or was not sent, without its recipient."""

from datetime import datetime
from typing import Annotated

from chalicelib.domain.lake.row import Instant, LakeRow, Number, Text, means
from chalicelib.domain.names import Kind
from chalicelib.domain.notifications.notification import Channel, State


class NotificationRow(LakeRow, frozen=True, kw_only=True):
    """One row a notification: what was decided for one person, and what became of it."""

    incident_number: Annotated[str, means("the dispatch system's number")]
    kind: Annotated[Kind, means("acknowledgment, dispatched, delay, outcome, case_number, survey")]
    ordinal: Annotated[int, means("0 for the first of its kind, 1 for its repetition")]
    channel: Annotated[Channel, means("sms, email")]
    variant: Annotated[str, means("which words of its kind: an outcome's class, a survey's arm")]
    state: Annotated[State, means("where it stands")]
    reason: Annotated[str, means("why it stands there; a carrier's word where one said so")]
    provider: Annotated[str, means("who took it; empty: nobody yet")]
    segments: Annotated[int, means("the carrier's unit of cost; 0 for an email")]
    attempts: Annotated[int, means("how often it was tried")]
    settings_version: Annotated[int, means("the settings that made it")]
    planned_for: Annotated[datetime, means("when it should go")]
    sent_at: Annotated[Instant, means("when a provider took it")]
    finished_at: Annotated[Instant, means("when its state became final")]
    incident_id: Annotated[str, means("the incident's id")] = ""
    language: Annotated[str, means("the language that it was written in; empty before that")] = ""
    cost: Annotated[float | None, means("dollars, as the provider told it; empty where it did not")] = None
    template_version: Annotated[str, means("names the exact words that were filled in; empty before that")] = ""
    arm: Annotated[str, means("the arm of an experiment; empty: none")] = ""
    planned_on: Annotated[Text, means("the agency's own day of planned_for, YYYY-MM-DD")] = None
    planned_hour: Annotated[Number, means("the agency's own hour of planned_for, 0 to 23")] = None
    sent_on: Annotated[Text, means("the agency's own day of sent_at, YYYY-MM-DD")] = None
    wait_seconds: Annotated[Number, means("from planned_for to sent_at")] = None
