"""Hand a message to a provider: one after the other, until one may have taken it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from math import ceil

from msgspec import Struct
from msgspec.structs import replace

from chalicelib.domain.notifications.notification import Channel, Provider
from chalicelib.domain.settings.agency import Agency
from chalicelib.ports.carrier import Outgoing, Sender, SendFailed, Sent


class Handed(Struct, frozen=True, kw_only=True):
    """What the one that `took` a message said, if one did, and how others failed, in the order of the calls."""

    took: Provider | None = None
    sent: Sent | None = None
    failures: Mapping[Provider, SendFailed] = {}

    @property
    def last(self) -> Provider | None:
        """Return the last that failed."""
        return [*self.failures][-1] if self.failures else None

    @property
    def refusal(self) -> SendFailed:
        """Return what the last that failed said; where none was called, that a later try may help."""
        return self.failures[self.last] if self.last else SendFailed("retry", "no_provider")

    @property
    def answered(self) -> dict[Provider, bool]:
        """Return which of those that were called answered; a refusal for good is an answer too."""
        told = {name: failure.outcome == "permanent" for name, failure in self.failures.items()}
        return {**told, self.took: True} if self.took else told


def text_to(phone: str, body: str, agency: Agency, name: str, until: datetime, now: datetime) -> Outgoing:
    """Return a text that is of no use from an instant on; `name` is what a provider's receipts call it."""
    return Outgoing(
        id=name,
        address=phone,
        sender="",
        body=body,
        lives_for=ceil((until - now).total_seconds()),
        origin=agency.survey.home,
        max_price=agency.providers.max_price,
        protect=agency.providers.protect_configuration,
    )


def hand_over(
    outgoing: Outgoing,
    channel: Channel,
    providers: Sequence[Provider],
    agency: Agency,
    senders: Mapping[Provider, Sender],
) -> Handed:
    """Call providers in their order until one may have taken the message.

    The next one is called only where the one before surely did not take it. Nothing is written meanwhile: what they
    said must be written before anything else is, or could fail.
    """
    failures = dict[Provider, SendFailed]()
    for name in providers:
        sender = senders.get(name)
        if sender is None:
            continue
        try:
            sent = sender.send(replace(outgoing, sender=agency.numbers.sender(name, channel)))
        except SendFailed as failure:
            failures[name] = failure
            if failure.outcome != "retry":
                break
        else:
            return Handed(took=name, sent=sent, failures=failures)
    return Handed(failures=failures)
