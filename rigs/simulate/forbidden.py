"""Work out what forbids a text from what was said to us, not from what we stored of it."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from chalicelib.domain.incidents.update import Update, known_at
from chalicelib.domain.names import Kind
from chalicelib.domain.notifications.notification import Notification
from chalicelib.domain.notifications.pause import Pause
from chalicelib.domain.notifications.recipients import awaits_human
from chalicelib.domain.notifications.record import IncidentRecord
from chalicelib.domain.notifications.safety import sensitive_word
from chalicelib.domain.people.contact import OptOutScope
from chalicelib.domain.settings.agency import Agency
from rigs.simulate.loop import Call


def dangers(row: Notification, acked: Iterable[tuple[datetime, Update]], agency: Agency, call: Call) -> Iterator[str]:
    """Yield what had been acknowledged before the function began, and forbids its text."""
    known = [update for at, update in acked if at <= call.began]
    grave = {one.incident_number for one in known if any(sensitive_word(item, agency) for item in one.evidence)}
    number = row.key.incident_number
    if number in grave:
        yield "the incident is sensitive"
    for one in known:
        if one.incident_number in grave and row.address in one.addresses:
            yield f"their number is on {one.incident_number}, which is sensitive"
        if one.incident_number == number and one.latches:
            yield f"{', '.join(sorted(one.latches))} had been said"
    unsafe = {(one.incident_number, party_id) for one in known for party_id in one.unsafe_parties}
    if (number, row.key.recipient) in unsafe:
        yield "it is not safe to contact them"
    for one in known:
        parties = {party_id for number_, party_id in unsafe if number_ == one.incident_number}
        if any(row.address in known_at(one.parties.get(party_id, {})) for party_id in parties):
            yield f"on {one.incident_number} it was not safe to contact them"


def held(
    row: Notification, record: IncidentRecord, pauses: Iterable[Pause], agency: Agency, call: Call
) -> Iterator[str]:
    """Yield what holds a text at this moment: a pause, too many callers, the hour."""
    for pause in pauses:
        if pause.holds(row.key.kind, record.incident):
            yield f"{pause.of} {pause.which} was paused".replace("  ", " ")
    if awaits_human(record.incident, agency):
        yield "so many callers wait for a human"
    if agency.window(row.key.kind).opens(call.now, agency.zone) > call.now:
        yield "it was outside of its hours"


def stops(scope: OptOutScope | None, row: Notification) -> bool:
    """Tell whether what a person said last stops this text."""
    return scope is not None and (scope is not OptOutScope.SURVEYS or row.key.kind is Kind.SURVEY)
