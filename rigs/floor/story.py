"""A story: what happens in a city, one thing after another, and how punctual its functions are."""

from datetime import datetime
from typing import Any, Literal

from msgspec import Struct

Fields = dict[str, Any]


class Tell(Struct, frozen=True):
    """Dispatch or records system posts an update. Spans of time among its fields count from that moment.

    A `tie` has the time of another update to the microsecond; only there do the documents settle which one counts.
    """

    number: str
    fields: Fields
    as_of: float = 0.0
    source: Literal["cad", "rms"] = "cad"
    tie: bool = False


class Text(Struct, frozen=True):
    """Somebody texts."""

    phone: str
    words: str


class Hold(Struct, frozen=True):
    """A supervisor pauses sending, or lets it go on."""

    of: Literal["agency", "incident", "type", "beat", "kind"]
    which: str = ""
    holds: bool = True


class Beat(Struct, frozen=True):
    """The feed goes silent, or lives again."""

    lives: bool


class Free(Struct, frozen=True):
    """A person releases an incident."""

    number: str
    what: Literal["sensitive", "juvenile", "do_not_contact", "unsafe", "mass_call"]
    party_id: str = ""


class Publish(Struct, frozen=True):
    """Other settings are published, or the first ones again."""

    other: bool


Act = Tell | Text | Hold | Beat | Free | Publish


class Event(Struct, frozen=True):
    """Something that happens so many minutes after what went before.

    `at` says that it happens while a message is on its way: between the last look and the claim, or after the claim.
    `down` says that nothing of ours runs until then.
    """

    minutes: float
    act: Act
    at: Literal["", "claim", "claimed"] = ""
    down: bool = False


class Story(Struct, frozen=True):
    """Everything that happens. `lag` is how many seconds late functions are; lost hints leave all to the sweep."""

    start: datetime
    lag: float
    hints_lost: bool
    busy: int
    events: tuple[Event, ...]
