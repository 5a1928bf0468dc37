"""What a provider's module may need to make its sender; `wiring` gives it."""

from collections.abc import Callable
from typing import Any, NamedTuple

from msgspec import Struct

from chalicelib.domain.notifications.notification import Channel
from chalicelib.ports.carrier import Sender


class TwilioAccount(Struct, frozen=True):
    """Who we are to Twilio; the token signs its callbacks too, and so do others while it is being rotated."""

    account_sid: str
    auth_token: str
    other_tokens: tuple[str, ...] = ()


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
