"""All that a page shows of a person: what was sent, by call, and how they may be written to. So many reads at most."""

from collections.abc import Iterator
from datetime import datetime
from itertools import islice

from msgspec import Struct

from chalicelib.domain.approval import Proposal
from chalicelib.domain.incidents.identity import shown_number
from chalicelib.domain.incidents.legal_hold import LegalHold
from chalicelib.domain.notifications.notification import Notification
from chalicelib.domain.notifications.record import IncidentRecord
from chalicelib.domain.people.consent import Reference
from chalicelib.domain.people.protected import Protection
from chalicelib.domain.people.reply import KeptReply
from chalicelib.domain.people.silenced import Kept
from chalicelib.domain.settings.agency import Agency
from chalicelib.insight.approval.ledger import what_waits
from chalicelib.insight.desk.find import on_their_calls
from chalicelib.insight.mask import Mask
from chalicelib.wiring import Aws

CALLS = 20
REPLIES = 500
"""Texts of an agency's people, the latest first, among which those of one person are looked for."""


class Message(Struct, frozen=True, kw_only=True):
    """One message to a person, or one that was not sent; `text` is as it was sent, and "" unless it is revealed."""

    kind: str
    state: str
    reason: str
    at: datetime
    address: str
    text: str = ""
    language: str = ""


class OfCall(Struct, frozen=True, kw_only=True):
    """A person's messages about one call; `key` is the call's place."""

    incident_number: str
    key: str
    received_at: datetime | None
    incident_type: str
    messages: tuple[Message, ...]


class Whole(Struct, frozen=True, kw_only=True):
    """A person, as far as one page shows them. `after` asks for earlier calls; `address` is "" where no call has it."""

    address: str
    calls: tuple[OfCall, ...]
    after: datetime | None
    kept: Kept
    hold: LegalHold | None
    protection: Protection | None
    waits: tuple[Proposal, ...]
    replies: tuple[KeptReply, ...] = ()
    revealed: bool = False

    @property
    def known(self) -> bool:
        """Tell whether anything is kept of the person."""
        contact = self.kept.contact
        said = self.kept.history or self.kept.silences or contact.unsafe or contact.landline
        return bool(self.calls or self.after or said or self.hold)


def read_whole(
    aws: Aws, agency: Agency, person: Reference, at: datetime, before: datetime | None = None, *, reveal: bool = False
) -> Whole:
    """Read a person; with `reveal` their addresses, the texts and their words are whole."""
    agency_id, mask = agency.agency_id, Mask(reveal=reveal)
    met = aws.contacts.incidents_of(agency_id, person, until=before, most=CALLS + 1)
    found = tuple(on_their_calls(aws, agency_id, person, (one.incident_number for one in met[:CALLS])))
    theirs = {address for record in found for address in _addresses(aws, record, person)}
    return Whole(
        address=", ".join(mask.address(address) for address in sorted(theirs)),
        calls=tuple(_of_call(record, theirs, mask) for record in found),
        after=met[CALLS].created_at if len(met) > CALLS else None,
        kept=aws.contacts.kept(agency_id, person, agency.day(at), at),
        hold=aws.settings.holds(agency_id).get(person.keyed_hash),
        protection=aws.contacts.protected.find(agency_id, person),
        waits=waits_for(aws, agency_id, person, at),
        replies=tuple(_replies(aws, agency_id, person)) if reveal else (),
        revealed=reveal,
    )


def waits_for(aws: Aws, agency_id: str, person: Reference, at: datetime) -> tuple[Proposal, ...]:
    """Return what waits for a second person and is about a person."""
    waits = what_waits(aws, agency_id, at)
    return tuple(one for one in waits if one.act.words.get("person") == person.keyed_hash)


def _addresses(aws: Aws, record: IncidentRecord, person: Reference) -> Iterator[str]:
    yield from (one for one in record.incident.all_addresses if aws.contacts.reference(one) == person)


def _of_call(record: IncidentRecord, theirs: set[str], mask: Mask) -> OfCall:
    incident = record.incident
    rows = sorted(record.rows.values(), key=lambda row: row.created_at)
    return OfCall(
        incident_number=shown_number(incident) or incident.incident_number,
        key=incident.incident_number,
        received_at=incident.facts.received_at or record.created_at,
        incident_type=incident.facts.incident_type or "",
        messages=tuple(_message(row, mask) for row in rows if theirs & {row.address, *row.addresses}),
    )


def _message(row: Notification, mask: Mask) -> Message:
    return Message(
        kind=row.key.kind,
        state=row.state,
        reason=row.reason,
        at=row.sent_at or row.created_at,
        address=mask.address(row.address) if row.address else "",
        text=row.body if mask.reveal and row.sent_at else "",
        language=row.language,
    )


def _replies(aws: Aws, agency_id: str, person: Reference) -> Iterator[KeptReply]:
    latest = islice(aws.contacts.replies(agency_id), REPLIES)
    return (reply for reply in latest if reply.keyed_hash == person.keyed_hash)
