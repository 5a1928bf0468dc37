"""The tools from which a provider's module makes its sender; `wiring` gives them."""

from collections.abc import Callable
from typing import Any, NamedTuple

from msgspec import Struct

from chalicelib.carriers.twilio.account import TwilioAccount
from chalicelib.domain.notifications.notification import Channel
from chalicelib.ports.carrier import Sender


class Carriers(Struct, frozen=True):
    """The secret in which providers outside AWS have their keys."""

    twilio: TwilioAccount | None = None


class Tools(Struct, frozen=True):
    """`client` makes a client of AWS that calls once; `carriers` reads the secret, at most five minutes old."""

    client: Callable[[str], Any]
    carriers: Callable[[], Carriers]
    configuration_set: str
    twilio_url: str


class Entry(NamedTuple):
    """A provider: by which channel it sends, and what makes its sender."""

    channel: Channel
    make: Callable[[Tools], Sender]
