"""The columns of the tables of incidents and of their updates, without the persons in them."""

from datetime import datetime
from typing import Annotated

from chalicelib.domain.lake.row import Instant, LakeRow, Number, Text, means

NotTold = Annotated[Text, means("why somebody on it is not told this: the first reason, in the order of people")]


class IncidentRow(LakeRow, frozen=True, kw_only=True):
    """One row an incident: its nature, its milestones, the time between them, how it ended, who called again."""

    incident_number: Annotated[str, means("the first name that was heard of it: nearly always its number")]
    origin: Annotated[Text, means("how it came in: 911, text_911, non_emergency, online, alarm, officer_initiated")]
    incident_type: Annotated[Text, means("the type's code, as last told")]
    priority: Annotated[Text, means("the priority, as last told")]
    beat: Annotated[Text, means("the beat")]
    shift: Annotated[Text, means("the shift")]
    response_mode: Annotated[Text, means("in_person, phone, online, none")]
    received_at: Annotated[Instant, means("when the call was received")]
    queued_at: Annotated[Instant, means("when it waited for a unit")]
    dispatched_at: Annotated[Instant, means("when a unit was sent")]
    enroute_at: Annotated[Instant, means("when a unit was on its way")]
    arrived_at: Annotated[Instant, means("when officers came; empty: nobody came, or nobody said so")]
    closed_at: Annotated[Instant, means("when it was closed")]
    cancelled_at: Annotated[Instant, means("when it was called off")]
    outcome: Annotated[Text, means("its class: handled, report_taken, lookout, unable_to_locate, cancelled")]
    unit: Annotated[Text, means("the first unit named; never who was in it")] = None
    received_on: Annotated[
        Text, means("the agency's own day of the call, YYYY-MM-DD (first heard of, where untold)")
    ] = None
    received_hour: Annotated[Number, means("the agency's own hour of the call, 0 to 23")] = None
    first_heard_at: Annotated[Instant, means("when tenfour first heard of it")] = None
    lag_seconds: Annotated[Number, means("from the call to when tenfour first heard; negative: clocks differ")] = None
    dispatch_seconds: Annotated[Number, means("from the call to the dispatch; empty where times contradict")] = None
    response_seconds: Annotated[Number, means("from the call to the arrival; empty where times contradict")] = None
    open_seconds: Annotated[Number, means("from the call to the closing; empty where times contradict")] = None
    duplicate: Annotated[bool | None, means("it is the same as another incident, which speaks for it")] = None
    repeat_contacts: Annotated[
        int, means("how often somebody on it called again while it was open, as duplicates that dispatch linked")
    ] = 0
    last_repeat_at: Annotated[Instant, means("when such a call was last linked")] = None
    settings_version: Annotated[int, means("the settings by which it was last decided on")] = 0
    no_acknowledgment: NotTold = None
    no_dispatched: NotTold = None
    no_delay: NotTold = None
    no_outcome: NotTold = None
    no_case_number: NotTold = None
    no_survey: NotTold = None
    shown_number: Annotated[Text, means("the number that people read, as last told; empty: it has none")] = None
    dispatch_id: Annotated[Text, means("the dispatch system's own key of it, if told; of several the first")] = None


class UpdateRow(LakeRow, frozen=True, kw_only=True):
    """One row for each webhook that told something new of an incident: how the feed lives."""

    incident_id: Annotated[str, means("the incident's id")]
    heard_at: Annotated[datetime, means("when tenfour heard it")]
    as_of: Annotated[datetime, means("of when it speaks: the latest of its updates")]
    updates: Annotated[int, means("how many updates it held")]
    heard_on: Annotated[Text, means("the agency's own day of heard_at, YYYY-MM-DD")] = None
    heard_hour: Annotated[Number, means("the agency's own hour of heard_at, 0 to 23")] = None
    lag_seconds: Annotated[Number, means("from as_of to heard_at")] = None
