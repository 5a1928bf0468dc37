"""A claimed row and its words, to a provider: what surely did not go with the first goes with the next."""

from datetime import datetime
from math import ceil

from msgspec.structs import replace

from chalicelib.domain.agency import Agency
from chalicelib.domain.attempt import failed, taken
from chalicelib.domain.contact import OptOutScope
from chalicelib.domain.notification import Notification
from chalicelib.domain.render import Message
from chalicelib.ports import Outgoing, Ports, SendFailed


def hand_over(row: Notification, message: Message, agency: Agency, ports: Ports, now: datetime) -> Notification:
    """Call providers in the agency's order until one may have taken it; return the row as the answer leaves it.

    The next one is tried only where the one before surely did not take it.
    """
    outgoing = Outgoing(
        id=row.key.id,
        address=row.address,
        sender="",
        body=message.body,
        subject=message.subject,
        unsubscribe=message.unsubscribe,
        lives_for=ceil((row.expires_at - now).total_seconds()),
        origin=agency.survey.origin,
        max_price=agency.providers.max_price,
        protect=agency.providers.protect_configuration,
    )
    failure = SendFailed("retry", "no_provider")
    for name in agency.providers.of(row.channel):
        sender = ports.senders.get(name)
        if sender is None:
            continue
        try:
            sent = sender.send(replace(outgoing, sender=agency.numbers.sender(name, row.channel)))
        except SendFailed as problem:
            failure = problem
        else:
            return taken(row, sent.provider, sent.reference, now)
        if failure.unknown:
            ports.unknown_code(name, failure.reason, row.key)
        if failure.outcome != "retry":
            break
    return _refused(row, failure, ports, now)


def _refused(row: Notification, failure: SendFailed, ports: Ports, now: datetime) -> Notification:
    """Return a row that nobody said they took, and remember what was said of its address.

    A phone that can't get texts is looked at again: its owner may have an email.
    """
    if failure.opted_out:
        ports.contacts.opt_out(row.key.agency_id, row.address, OptOutScope.ALL, now, failure.reason)
    if failure.landline:
        ports.contacts.note_landline(row.key.agency_id, row.address, now)
    return failed(row, "retry" if failure.landline else failure.outcome, failure.reason, now)
