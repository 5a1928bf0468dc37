"""A request about records: who asks, why and when. It is kept for good."""

from datetime import datetime

from msgspec import Struct

from chalicelib.aws.stores.on_request import Audit
from chalicelib.domain.ledger.noted import Noted, clean_ticket, named
from chalicelib.domain.ledger.what import What, Why
from chalicelib.wiring import Aws


class Request(Struct, frozen=True, kw_only=True):
    """The person who asked for something of the records, and why."""

    at: datetime
    author: str
    reason: str


def note(aws: Aws, agency_id: str, request: Request, what: What, about: str) -> None:
    """Write down that records were held, shown or erased: in the ledger, and with the reason in full; NotNoted."""
    aws.ledger.note(entry(agency_id, request, what, about))
    note_in_full(aws, agency_id, request, what, about)


def entry(agency_id: str, request: Request, what: What, about: str) -> Noted:
    """Return the entry of a request. Its reason is in the audit: people write names into reasons."""
    why, ticket = Why.BY_COMMAND, clean_ticket(request.reason)
    told = named(about) if about else ""
    by = request.author
    return Noted(at=request.at, agency_id=agency_id, by=by, what=what, about=told, reason=why, ticket=ticket)


def note_in_full(aws: Aws, agency_id: str, request: Request, what: What, about: str) -> None:
    """Write down a request with its reason, for the one who answers for records."""
    noted = Audit(at=request.at, author=request.author, reason=request.reason, what=what, about=about)
    aws.records.note(agency_id, noted)
