"""Play an invented incident of each type through the real flows, to show what its callers would read.

Nothing here knows a rule: the safety floor, the settings and the words decide as they would at night.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from chalicelib.domain.incidents.update import Evidence
from chalicelib.domain.names import Kind
from chalicelib.domain.notifications.judged import named, unjudged, verdicts
from chalicelib.domain.notifications.reasons import Reason
from chalicelib.domain.notifications.record import IncidentRecord
from chalicelib.domain.settings.agency import Agency
from chalicelib.domain.settings.incident_types import IncidentType, is_pattern
from chalicelib.domain.settings.survey import OutcomeClass
from chalicelib.domain.text import normal
from chalicelib.insight.settings.worklist import looks
from chalicelib.insight.shadow.seen import wording
from chalicelib.insight.shadow.why import bar, meaning
from chalicelib.virtual.cases import told_by
from chalicelib.virtual.clock import VirtualCity
from chalicelib.virtual.extract import Case, Message
from chalicelib.virtual.fiction import fictional_phone
from chalicelib.virtual.town.callers import party
from chalicelib.virtual.town.calls import update

NEVER, UNJUDGED, AFTER_CLOSING, WELFARE, ORDINARY, EXCUSED = (
    "nothing is ever sent ({})",
    "nothing is sent until two people have judged it",
    "nothing before the call is closed",
    "nobody is told how it ended",
    "no restriction",
    "excused from the safety floor by name",
)
_DAY = datetime(2026, 11, 4, 9, 0)  # noqa: DTZ001  at nine in the agency's own time, a Wednesday
_STAYS = timedelta(minutes=20)
_NO_MASS_CALL = 5


class TypeWords(Struct, frozen=True):
    """One text; `variant` is the class of an outcome."""

    variant: str
    body: str


Spoken = dict[Kind, tuple[TypeWords, ...]]
"""The different words that each kind took."""


def rehearse(agency: Agency, types: Iterable[tuple[str, str]]) -> dict[str, Spoken]:
    """Return by code what a type's people would read; a type is played once for each way in which it can end."""
    return {code: _spoken(records) for code, records in _play(agency, types).items()}


def floors(agency: Agency, types: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return by code what the safety floor makes of a type, were it listed with all that a type usually gets."""
    known = {code: description or code for code, description in types if code and not is_pattern(code)}
    listed = tuple(IncidentType(codes=(code,), description=words) for code, words in known.items())
    played = _play(replace(agency, incident_types=listed), known.items())
    return {
        code: EXCUSED if code in agency.overridden_types else _safety(found, agency) for code, found in played.items()
    }


def example_of(rule: IncidentType, agency: Agency) -> str:
    """Return a code that gets what a rule says: one of its own, or one that fits its first pattern."""
    exact = next((code for code in rule.codes if not is_pattern(code)), None)
    guesses = (rule.codes[0].replace("*", any_text).replace("?", "7") for any_text in ("", "1", "-EXAMPLE"))
    return exact or next((code for code in guesses if code and agency.type_of(code) is rule), rule.codes[0])


def as_judged(agency: Agency, code: str, description: str) -> str:
    """Return the words that dispatch says with a code: those of the settings, unless people judged it by others.

    Of several, those count that let a text go: a sheet is about what people would read.
    """
    item = Evidence("incident_type", code, description)
    if verdicts(item, agency):
        return description
    told = [each for each in agency.judgements.entries if each.field == item.field and each.meaning]
    of_code = [each for each in told if normal(each.value) == normal(code)]
    return max(of_code, key=lambda each: each.lets).meaning if of_code else description


def _play(agency: Agency, types: Iterable[tuple[str, str]]) -> dict[str, list[IncidentRecord]]:
    stage = replace(agency, mode="shadow", cities=(), hours={}, mass_call=_NO_MASS_CALL)
    endings = _endings(agency)
    named: dict[str, str] = {}
    cases: list[Case] = []
    for code, description in types:
        for ending in endings:
            case = _case(len(cases), code, as_judged(agency, code, description), ending, stage)
            named[case.incident_number] = code
            cases.append(case)
    city = VirtualCity(stage)
    told, _ = told_by(cases, stage)
    for _ in city.play(told):
        pass
    records: dict[str, list[IncidentRecord]] = {}
    for record in city.records():
        records.setdefault(named[record.incident.incident_number], []).append(record)
    return records


def _endings(agency: Agency) -> tuple[str | None, ...]:
    """Return a disposition of each class, the usual one first."""
    by_class: dict[OutcomeClass, str] = {}
    for code, outcome in agency.dispositions.items():
        by_class.setdefault(outcome, code)
    usual = sorted(by_class, key=lambda outcome: outcome != "handled")
    return tuple(by_class[outcome] for outcome in usual) or (None,)


def _case(order: int, code: str, description: str, disposition: str | None, agency: Agency) -> Case:
    number = f"P26-{1000 + order:07}"
    called_at = _DAY.replace(tzinfo=agency.zone).astimezone(UTC)
    arrived_at = called_at + _longest_delay(agency) + timedelta(minutes=1)
    closed_at = arrived_at + _STAYS
    closing: dict[str, Any] = {"closed_at": closed_at, "case_numbers": [f"26-{100_000 + order}"]}
    if disposition:
        closing["dispositions"] = [disposition]
    bodies = {
        called_at: _call(order, code, description, called_at),
        arrived_at: {"arrived_at": arrived_at},
        closed_at: closing,
    }
    told = (Message(at, update(number, at, body)) for at, body in bodies.items())
    return Case(order + 1, number, tuple(told))


def _call(order: int, code: str, description: str, at: datetime) -> dict[str, Any]:
    # Phones of their own: a sensitive type silences them, and must not silence the next type's.
    parties = [
        party(fictional_phone(2 * order + place), party_id=role, role=role)
        for place, role in enumerate(("caller", "victim"))
    ]
    told = {"origin": "911", "incident_type": code, "incident_type_description": description}
    return told | dict.fromkeys(("received_at", "queued_at", "dispatched_at"), at) | {"reporting_parties": parties}


def _longest_delay(agency: Agency) -> timedelta:
    rules = [agency.delay, *(each.delay for each in agency.incident_types if each.delay)]
    return max(after for rule in rules for after in rule.after)


def _spoken(records: list[IncidentRecord]) -> Spoken:
    words: dict[Kind, dict[str, TypeWords]] = {kind: {} for kind in Kind}
    for record in records:
        for row in record.rows.values():
            if row.body:
                words[row.key.kind].setdefault(wording(row.body, record.incident), TypeWords(row.variant, row.body))
    return {kind: tuple(found.values()) for kind, found in words.items()}


def _safety(records: list[IncidentRecord], agency: Agency) -> str:
    barred = bar(records[0])
    if barred == Reason.NOT_JUDGED:
        thoughts = (looks(named(item, agency), agency) for item in unjudged(records[0].incident, agency))
        return "; the word lists: ".join([UNJUDGED, *filter(None, thoughts)])
    if barred:
        word = records[0].skipped[0].detail.partition(": ")[2]
        return NEVER.format(f"the word “{word}”" if word else meaning(barred))
    reasons = {item.reason for record in records for item in record.skipped}
    found = ((Reason.AFTER_CLOSE_ONLY in reasons, AFTER_CLOSING), (Reason.WELFARE in reasons, WELFARE))
    return "; ".join(words for holds, words in found if holds) or ORDINARY
