"""A claimed row and its words, to a provider: what surely did not go with the first goes with the next."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from math import ceil
from typing import NamedTuple

from msgspec.structs import replace

from chalicelib.domain.agency import Agency
from chalicelib.domain.attempt import failed, taken
from chalicelib.domain.contact import OptOutScope
from chalicelib.domain.notification import Notification, Provider
from chalicelib.domain.render import Message
from chalicelib.ports import Notice, Ports
from chalicelib.sending import Outgoing, SendFailed


class Handed(NamedTuple):
    """The row as the providers' answers leave it, and who of them gave one; a refusal is an answer too."""

    row: Notification
    answered: Mapping[Provider, bool]


def hand_over(
    row: Notification, message: Message, providers: Sequence[Provider], agency: Agency, ports: Ports, now: datetime
) -> Handed:
    """Call providers in their order until one may have taken it.

    The next one is tried only where the one before surely did not take it.
    """
    outgoing = _outgoing(row, message, agency, now)
    failure, answered = SendFailed("retry", "no_provider"), dict[Provider, bool]()
    for name in providers:
        sender = ports.senders.get(name)
        if sender is None:
            continue
        try:
            sent = sender.send(replace(outgoing, sender=agency.numbers.sender(name, row.channel)))
        except SendFailed as problem:
            failure, answered[name] = problem, problem.outcome == "permanent"
        else:
            return Handed(taken(row, sent.provider, sent.reference, now), {**answered, name: True})
        if failure.unknown:
            ports.notice(Notice.UNKNOWN_PROVIDER_CODE, provider=name, code=failure.reason, notification=row.key.id)
        if failure.outcome != "retry":
            row = replace(row, provider=name, traceable=sender.tells)
            break
    return Handed(_refused(row, failure, ports, now), answered)


def _outgoing(row: Notification, message: Message, agency: Agency, now: datetime) -> Outgoing:
    return Outgoing(
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


def _refused(row: Notification, failure: SendFailed, ports: Ports, now: datetime) -> Notification:
    """Return a row that nobody said they took, and remember what was said of its address.

    A phone that can't get texts is looked at again: its owner may have an email.
    """
    if failure.opted_out:
        ports.contacts.opt_out(row.key.agency_id, row.address, OptOutScope.ALL, now, failure.reason)
    if failure.landline:
        ports.contacts.note_landline(row.key.agency_id, row.address, now)
    return failed(row, "retry" if failure.landline else failure.outcome, failure.reason, now)
