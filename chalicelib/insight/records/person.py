"""Export what is kept of one person, and erase what can be erased of it."""

from collections.abc import Collection, Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

from msgspec import to_builtins

from chalicelib.domain.lake.answer_rows import answer_rows
from chalicelib.domain.lake.survey_columns import CommentRow
from chalicelib.domain.lake.tables import Day
from chalicelib.domain.notifications.record import IncidentRecord
from chalicelib.domain.surveys.follow_up import FollowUp, alleges
from chalicelib.domain.surveys.survey import Survey
from chalicelib.flow.conflicts import again_on_conflict
from chalicelib.flow.surveys.follow_up import withdraw
from chalicelib.flow.surveys.keep_answer import unlist
from chalicelib.insight.named import incident_named
from chalicelib.insight.records.hold import MOST_TRIES
from chalicelib.insight.records.subject import Person, follow_ups_of, incidents_of, passed_on, rows_of, surveys_of
from chalicelib.wiring import Aws

Told = dict[str, Any]
COMMENTS = "comments"
ON_THEIR_WAY = timedelta(minutes=10)
"""So long an answer may take from the table to where the lake's files are (`ExportWindow`, and the export itself)."""


class UnderHold(ValueError):
    """Records that a legal hold keeps can't be erased; the text names the incidents."""


class TooSoon(ValueError):
    """Something that would have to be erased is on its way to the lake; the text says from when on it can be."""


LEFT_OUT = "answers that only professional standards may see, if there are any: ask them for those"


def export_person(aws: Aws, person: Person, *, allegations: bool = True) -> Told:
    """Return all that is kept of a person, with every text as it was sent.

    Without `allegations` it leaves out answers that allege misconduct, and says so whether there are any or not.
    """
    agency_id = person.agency.agency_id
    known = follow_ups_of(aws, agency_id)
    replies = (reply for reply in aws.contacts.replies(agency_id) if reply.keyed_hash == person.keyed_hash)
    return {
        "agency": person.agency.name,
        "address": person.address,
        "kept_of_the_address": [_plain(item) for item in aws.records.contact_items(agency_id, person.address)],
        "texted_back": [{"at": reply.at, "words": reply.words} for reply in replies],
        "under_legal_hold": person.keyed_hash in aws.settings.holds(agency_id),
        "incidents": [_incident(aws, record, person, known, allegations) for record in incidents_of(aws, person)],
        **({} if allegations else {"left_out": LEFT_OUT}),
    }


def refuse_to_erase(aws: Aws, person: Person, now: datetime) -> list[IncidentRecord]:
    """Return a person's incidents, if nothing keeps them from being erased; UnderHold, TooSoon."""
    agency_id, found = person.agency.agency_id, incidents_of(aws, person)
    kept = [incident_named(one.incident, person.agency.zone) for one in found if one.incident.legal_holds]
    if kept or person.keyed_hash in aws.settings.holds(agency_id):
        raise UnderHold(f"a legal hold keeps {', '.join(kept) or 'this person'}: lift it first, if the law lets you")
    asked = [survey for record in found for survey in surveys_of(aws, rows_of(record, person))]
    late = [survey.changed_at for survey in asked if survey.changed_at and _on_its_way(survey, now)]
    if late:
        until = max(late) + ON_THEIR_WAY
        raise TooSoon(f"they answered a moment ago, which is on its way to the lake: erase after {until:%H:%M} UTC")
    return found


def erase_person(aws: Aws, person: Person, now: datetime) -> dict[str, int]:
    """Erase a person's address, replies with the alerts about them, and answers; UnderHold, TooSoon, Busy.

    Return how much. Opt-outs and silences stay, under a keyed hash: they keep the person from being written to.
    """
    agency_id, found = person.agency.agency_id, refuse_to_erase(aws, person, now)
    known, answers = follow_ups_of(aws, agency_id), 0
    for record in found:
        for survey in surveys_of(aws, rows_of(record, person)):
            _forget_comments(aws, survey)
            unlist(survey, aws)
            # Who answers while they are erased may have told somebody since.
            for one in passed_on(survey, follow_ups_of(aws, agency_id) if _on_its_way(survey, now) else known):
                withdraw(agency_id, one.desk, one.id, aws)
            aws.surveys.forget(survey.token_hash)
            answers += survey.answered_at is not None
        _forget(record, person, aws)
    for one in known:
        if one.writer == person.keyed_hash:
            withdraw(agency_id, one.desk, one.id, aws)
    return {
        "incidents": len(found),
        "answers": answers,
        "items": aws.records.forget_contact(agency_id, person.address),
        "rejected updates": aws.records.forget_rejected(agency_id, {person.address}, person.agency.country),
    }


def _on_its_way(survey: Survey, now: datetime) -> bool:
    """Tell whether an answer may not be in the lake yet."""
    return survey.changed_at is not None and survey.changed_at + ON_THEIR_WAY > now


@again_on_conflict(MOST_TRIES)
def _forget(record: IncidentRecord, person: Person, ports: Aws) -> None:
    ports.records.forget_in(record.incident.key, {person.address})


def _forget_comments(aws: Aws, survey: Survey) -> None:
    """Take what they wrote out of the lake, and of what waits to join it; marks have no words in them and stay."""
    gone = {row.id: row.dt for row in answer_rows(survey, None, ()) if isinstance(row, CommentRow)}
    for dt in set(gone.values()):
        for landed in aws.lake.landed():
            if (landed.table, landed.dt) == (COMMENTS, dt):
                rows = aws.lake.read_landed(landed)
                kept = [row for row in rows if row.id not in gone]
                if len(kept) < len(rows):
                    aws.lake.land(landed.name.rpartition("/")[2].partition(".")[0], COMMENTS, dt, kept)
        _rewrite(dt, gone.keys(), aws)


@again_on_conflict(MOST_TRIES)
def _rewrite(dt: date, gone: Collection[str], ports: Aws) -> None:
    day = ports.lake.read_day(COMMENTS, dt)
    rows = tuple(row for row in day.rows if row.id not in gone)
    if rows != day.rows:
        ports.lake.write_day(COMMENTS, dt, Day(rows, day.tag))


def _incident(aws: Aws, record: IncidentRecord, person: Person, known: Iterable[FollowUp], allegations: bool) -> Told:
    incident, rows = record.incident, rows_of(record, person)
    parties = [party for party in incident.everyone.values() if person.address in {*party.addresses, *party.ever_at}]
    return {
        "incident_number": incident.incident_number,
        "called": incident_named(incident, person.agency.zone),
        "received_at": incident.facts.received_at,
        "incident_type": incident.facts.incident_type,
        "case_numbers": incident.facts.case_numbers,
        "role": sorted({party.role or "caller" for party in parties}),
        "messages": [
            {
                "kind": row.key.kind,
                "state": row.state,
                "reason": row.reason,
                "sent_at": row.sent_at,
                "to": row.address,
                "channel": row.channel,
                "text": row.body if row.sent_at else "",
            }
            for row in rows
        ],
        "answers": list(_answers(aws, record, person, known, allegations)),
    }


def _answers(
    aws: Aws, record: IncidentRecord, person: Person, known: Iterable[FollowUp], allegations: bool
) -> Iterator[Told]:
    for survey in surveys_of(aws, rows_of(record, person)):
        if survey.answered_at and (allegations or not alleges(survey)):
            passed = [to_builtins(one) for one in passed_on(survey, known)]
            yield {"at": survey.answered_at, **to_builtins(survey.answers), "passed_on": passed}


def _plain(item: Told) -> Told:
    return {name: value for name, value in item.items() if value is not None}
