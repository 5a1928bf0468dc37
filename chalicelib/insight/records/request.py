"""A request about records: who asks, why and when. It is kept for good."""

from datetime import datetime

from msgspec import Struct

from chalicelib.aws.stores.on_request import Audit
from chalicelib.wiring import Aws


class Request(Struct, frozen=True, kw_only=True):
    """The person who asked for something of the records, and why."""

    at: datetime
    author: str
    reason: str


def note(aws: Aws, agency_id: str, request: Request, what: str, about: str) -> None:
    """Write down that records were held, shown or erased."""
    noted = Audit(at=request.at, author=request.author, reason=request.reason, what=what, about=about)
    aws.records.note(agency_id, noted)
