"""Tell the updates of dispatch and records systems, each by the fields that it changed."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

from chalicelib.aws.stores.history import Heard
from chalicelib.domain.incidents.facts import Facts, Link
from chalicelib.domain.incidents.incident import Incident
from chalicelib.domain.incidents.party import Party
from chalicelib.domain.incidents.update import Latch, Update
from chalicelib.insight.explain.clock import Clock
from chalicelib.insight.explain.moment import Moment
from chalicelib.insight.explain.words import detail
from chalicelib.insight.mask import Mask

LATE = timedelta(minutes=1)
"""An update that is of so long ago is told with its own time as well."""

FIELDS = {
    "origin": "came by",
    "incident_type": "type",
    "incident_type_description": "described as",
    "type_modifier": "modifier",
    "initial_type": "first type",
    "priority": "priority",
    "beat": "beat",
    "shift": "shift",
    "exercise": "a drill",
    "received_at": "received",
    "queued_at": "queued",
    "scheduled_for": "appointment for",
    "dispatched_at": "dispatched",
    "enroute_at": "on the way",
    "diverted_at": "diverted",
    "arrived_at": "arrived",
    "closed_at": "closed",
    "cancelled_at": "cancelled",
    "response_mode": "handled",
    "dispositions": "disposition",
    "case_numbers": "case number",
    "offenses": "offense",
    "linked_to": "linked to",
    "transferred_to": "transferred to",
    "call_taker_id": "call taker",
    "units": "unit",
}
_IN_THEIR_WORDS = frozenset({"incident_type_description", "type_modifier"})
LATCHES = {Latch.JUVENILE: "a juvenile is involved", Latch.DO_NOT_CONTACT: "do not contact"}
_VALUES = {
    "text_911": "text to 911",
    "non_emergency": "the non-emergency number",
    "officer_initiated": "an officer",
    "in_person": "in person",
    "phone": "by phone",
    "none": "without an answer",
}
_RELATIONS = {"duplicate_of": "a duplicate of", "merged_into": "merged into", "related": "related to"}


def heard_moments(heard: Iterable[Heard], unknown: Incident, clock: Clock, mask: Mask) -> Iterator[Moment]:
    """Yield each update as what it changed of the incident as the ones before it told it."""
    known = unknown
    for webhook in heard:
        for update in webhook.updates:
            merged = known.merge(update)
            said = "; ".join(_said(known, merged, update, webhook.at, clock, mask))
            yield Moment(
                at=webhook.at,
                what="heard",
                detail=said or "nothing newer than what was known",
                note=_of_when(update, webhook.at, clock),
                source_id=webhook.source_id,
            )
            known = merged


def _of_when(update: Update, at: datetime, clock: Clock) -> str:
    late = abs(at - update.as_of) >= LATE
    return f"as of {clock.near(update.as_of, at)}" if late else ""


def _said(known: Incident, merged: Incident, update: Update, at: datetime, clock: Clock, mask: Mask) -> Iterator[str]:
    if update.rejected:
        words = (detail(f"{item.field}: {item.code or item.text}") for item in sorted(update.evidence))
        yield "an update with an error was not taken, but what forbids texting counts"
        yield from words
    for name in Facts.__struct_fields__:
        was, now = getattr(known.facts, name), getattr(merged.facts, name)
        if was != now:
            yield _change(name, was, now, at, clock)
    yield from (LATCHES[latch] for latch in Latch if latch in merged.latches and latch not in known.latches)
    for party_id, party in sorted(merged.parties.items()):
        yield from _of_party(party_id, known.parties.get(party_id), party, mask)


def _change(name: str, was: Any, now: Any, at: datetime, clock: Clock) -> str:
    """Return a change in words; what it was before is told where people would ask for it."""
    label = FIELDS[name]
    if now is None:
        return f"“{label} {_value(was, at, clock)}” taken back"
    if name == "exercise":
        return label if now else "not a drill"
    if isinstance(now, Link):
        return f"{_RELATIONS[now.relation]} {now.incident_number}"
    before = f" (was {_value(was, at, clock)})" if was else ""
    if name in _IN_THEIR_WORDS:
        return f"{label} “{now}”"
    return f"{label} {_value(now, at, clock)}{before}"


def _value(value: Any, at: datetime, clock: Clock) -> str:
    if isinstance(value, datetime):
        return clock.near(value, at)
    if isinstance(value, Link):
        return value.incident_number
    if isinstance(value, tuple):
        return " and ".join(getattr(item, "unit", None) or str(item) for item in value) or "none"
    return _VALUES.get(value, str(value))


def _of_party(party_id: str, known: Party | None, party: Party, mask: Mask) -> Iterator[str]:
    name = party_words(party_id, party)
    reached = [mask.address(address) for address in _addresses(party)]
    if known is None:
        language = [f"speaks {party.language}"] if party.language else []
        problem = [detail(party.phone.problem)] if party.phone and party.phone.problem else []
        yield " ".join([name, *(["at", " and ".join(reached)] if reached else []), *_bracketed([*problem, *language])])
    elif (known.phone, known.email) != (party.phone, party.email):
        yield f"{name} now at {' and '.join(reached) or 'no address'}"
    elif known != party and (known.role, known.contact_kind, known.language) != (
        party.role,
        party.contact_kind,
        party.language,
    ):
        yield f"{name} told anew"
    if party.unsafe_as_of and not (known and known.unsafe_as_of):
        yield f"{name}: not safe to contact"


def _bracketed(parts: list[str]) -> list[str]:
    return [f"({', '.join(parts)})"] if parts else []


def _addresses(party: Party) -> list[str]:
    number = party.phone.number if party.phone else None
    return [address for address in (number, party.email) if address]


def party_words(party_id: str, party: Party | None) -> str:
    """Return what people call a party, such as `caller 1`; of another incident, with that one's number."""
    number, _, own_id = party_id.rpartition("/")
    kind = party.contact_kind if party and party.contact_kind not in (None, "personal") else None
    name = f"{kind or (party.role if party else None) or 'caller'} {own_id}"
    return f"{name} of {number}" if number else name
