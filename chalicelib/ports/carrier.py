"""A provider, as the flows need it: one method, and an error that says whether the message may have gone."""

from typing import Protocol

from msgspec import Struct

from chalicelib.domain.notifications.notification import Provider
from chalicelib.domain.notifications.retry import FailureOutcome


class SendFailed(Exception):
    """A provider did not take a message; the flags are about the address, and whether we have a word for its code."""

    def __init__(
        self,
        outcome: FailureOutcome,
        reason: str,
        opted_out: bool = False,
        landline: bool = False,
        unknown: bool = False,
    ) -> None:
        super().__init__(f"{outcome}: {reason}")
        self.outcome, self.reason = outcome, reason
        self.opted_out, self.landline, self.unknown = opted_out, landline, unknown


class Outgoing(Struct, frozen=True, kw_only=True):
    """One message for a provider; `id` comes back in its receipts, `lives_for` is in seconds.

    `origin` is the agency's own address, `max_price` in dollars; what is empty is left out.
    """

    id: str
    address: str
    sender: str
    body: str
    subject: str = ""
    lives_for: int
    origin: str = ""
    unsubscribe: str = ""
    max_price: str = ""
    protect: str = ""


class Sent(Struct, frozen=True):
    """A provider took it, and calls it by this name."""

    provider: Provider
    reference: str


class Sender(Protocol):
    """A provider of one channel."""

    @property
    def tells(self) -> bool:
        """Tell whether its receipts carry our id, so that they clear up what became of a message in doubt."""

    def send(self, outgoing: Outgoing) -> Sent:
        """Hand over one message, once; SendFailed where the provider did not say that it took it."""
