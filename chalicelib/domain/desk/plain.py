"""What a call taker may read aloud to whoever called: no more than what texts about the call have said. Pure.

It names messages that went, and when. Of a call that something holds it says nothing but where to find help: the words
that hold it must not be heard either.
"""

from datetime import datetime
from typing import Literal

from msgspec import Struct

from chalicelib.domain.desk.holds import holds_of
from chalicelib.domain.incidents.identity import shown_number
from chalicelib.domain.names import Kind
from chalicelib.domain.notifications.notification import GONE, State
from chalicelib.domain.notifications.record import IncidentRecord
from chalicelib.domain.settings.agency import Agency

Sentence = Literal["neutral", "have", "more", "help"] | Kind


class Plain(Struct, frozen=True):
    """One sentence: its name among the words, the instant that it tells, and the call's number."""

    name: Sentence
    at: datetime | None = None
    number: str = ""


def in_plain_words(record: IncidentRecord, agency: Agency) -> tuple[Plain, ...]:
    """Return the sentences, in their order."""
    incident = record.incident
    went = sorted(
        (row.sent_at, row.key.kind) for row in record.rows.values() if row.state in GONE and row.sent_at is not None
    )
    if not went or incident.silences or holds_of(incident, agency):
        return Plain("neutral"), Plain("help")
    first = dict[Kind, datetime]()
    for at, kind in went:
        first.setdefault(kind, at)
    waits = any(row.state is State.SCHEDULED for row in record.rows.values())
    told = [Plain(kind, at) for kind, at in first.items()]
    more = [Plain("more")] if waits else []
    return Plain("have", number=shown_number(incident)), *told, *more, Plain("help")
