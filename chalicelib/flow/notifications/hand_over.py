"""A claimed row and its words, to a provider: what surely did not go with the first goes with the next."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from math import ceil
from typing import NamedTuple

from msgspec.structs import replace

from chalicelib.domain.notifications.notification import Notification, Provider
from chalicelib.domain.notifications.render import Message
from chalicelib.domain.notifications.retry import failed, taken
from chalicelib.domain.people.contact import OptOutScope
from chalicelib.domain.settings.agency import Agency
from chalicelib.ports.carrier import Outgoing, SendFailed
from chalicelib.ports.notices import Notice
from chalicelib.ports.world import Ports


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
    failures, answered = list[SendFailed](), dict[Provider, bool]()
    for name in providers:
        sender = ports.senders.get(name)
        if sender is None:
            continue
        try:
            sent = sender.send(replace(outgoing, sender=agency.numbers.sender(name, row.channel)))
        except SendFailed as failure:
            failures.append(failure)
        else:
            return Handed(taken(row, sent.provider, sent.reference, now), {**answered, name: True})
        answered[name] = failures[-1].outcome == "permanent"
        if failures[-1].unknown:
            ports.notice(Notice.UNKNOWN_PROVIDER_CODE, provider=name, code=failures[-1].reason, notification=row.key.id)
        if failures[-1].outcome != "retry":
            row = replace(row, provider=name, traceable=sender.tells)
            break
    return Handed(_refused(row, failures, ports, now), answered)


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


def _refused(row: Notification, failures: Sequence[SendFailed], ports: Ports, now: datetime) -> Notification:
    """Return a row that nobody said they took, and remember what was said of its address.

    It never will go only where no provider would take it later. A phone that can't get texts is looked at
    again: its owner may have an email.
    """
    for failure in failures:
        if failure.opted_out:
            ports.contacts.opt_out(row.key.agency_id, row.address, OptOutScope.ALL, now, failure.reason)
        if failure.landline:
            ports.contacts.note_landline(row.key.agency_id, row.address, now)
    last = failures[-1] if failures else SendFailed("retry", "no_provider")
    if last.landline:
        return failed(row, "retry", last.reason, now)
    may_go_later = [failure for failure in failures if failure.outcome == "retry"]
    told = may_go_later[-1] if may_go_later and last.outcome == "permanent" else last
    return failed(row, told.outcome, told.reason, now)
