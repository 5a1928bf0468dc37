"""The part `[eido]` of a feed's file."""

from msgspec import Struct

from chalicelib.domain.duration import Duration
from feed.gone import Gone

MEGABYTE = 1024 * 1024


class Eido(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A notifier of EIDOs to which the feed subscribes.

    `expires` and `min_rate` are asked for, and the notifier may answer with others: within `min_rate` it notifies of
    something, or of nothing. The full state counts as read when nothing came for `settled_for`, when the notifier says
    that there is nothing more, or after `longest_state`. What was active before and is not in it is `gone`.
    `answer_within` is how long an answer may take.
    """

    url: str
    expires: Duration = Duration(hours=1)
    min_rate: Duration = Duration(seconds=30)
    filter: str = ""
    accepts: str = 'application/emergency.eido+json; version="1"'
    settled_for: Duration = Duration(seconds=5)
    longest_state: Duration = Duration(minutes=1)
    ping_every: Duration = Duration(seconds=20)
    answer_within: Duration = Duration(seconds=10)
    largest_mb: int = 64
    largest_eido_mb: int = 2
    gone: Gone = "unknown"
    certificate: str = ""
    certificate_key: str = ""
    authority: str = ""
    token_file: str = ""

    @property
    def largest(self) -> int:
        """The bytes of the largest message."""
        return self.largest_mb * MEGABYTE

    @property
    def largest_eido(self) -> int:
        """The bytes of the largest EIDO."""
        return self.largest_eido_mb * MEGABYTE


def wrong_with(eido: Eido) -> str:
    """Return what is wrong with the settings, with the field's name; "" where nothing is."""
    if not eido.url.startswith(("wss://", "ws://127.0.0.1", "ws://localhost")):
        return "eido.url: expected wss://"
    if eido.certificate_key and not eido.certificate:
        return "eido.certificate: required beside eido.certificate_key"
    for name in ("expires", "ping_every", "answer_within", "largest_mb", "largest_eido_mb"):
        if not getattr(eido, name):
            return f"eido.{name}: expected more than 0"
    return ""
