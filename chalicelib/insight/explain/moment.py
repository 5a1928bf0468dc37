"""The parts of a story."""

from collections.abc import Callable
from datetime import datetime

from msgspec import Struct

from chalicelib.domain.names import Kind

Named = Callable[[str], str]
"""The name of each party in a story, by its id: `caller 1`."""


class Moment(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One thing that happened: `what` in a word, `about` which notification and `who`, and `detail` in a sentence.

    `text` is what a person got or wrote; `note` says how, such as the provider. The rest is for programs. `language`
    is that of a text of ours.
    """

    at: datetime
    what: str
    about: str = ""
    who: str = ""
    detail: str = ""
    text: str = ""
    address: str = ""
    note: str = ""
    kind: Kind | None = None
    recipient: str = ""
    state: str = ""
    reason: str = ""
    source_id: str = ""
    settings_version: int = 0
    language: str = ""


class Untold(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Notifications that somebody did not get, and why; nobody in particular where it is about the incident."""

    kinds: tuple[str, ...]
    recipient: str = ""
    who: str
    state: str
    reason: str
    words: str
    detail: str = ""
    settings_version: int = 0


class Waiting(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A notification that may still go: when it is looked at next, why it waits, and until when it is worth sending.

    `name` is its key as one word, empty where it is on its way already.
    """

    kind: str
    recipient: str
    who: str
    look_at: datetime
    expires_at: datetime
    reason: str = ""
    words: str = ""
    settings_version: int = 0
    name: str = ""
