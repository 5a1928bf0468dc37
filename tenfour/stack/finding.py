"""A finding of a check: one line that says what to do."""

from typing import Literal

from msgspec import Struct

Level = Literal["ok", "live", "stop"]
"""`stop` keeps a deployment from going on; `live` must be done before anything is sent, shadow needs it not."""


class Finding(Struct, frozen=True):
    """One finding, about one thing."""

    level: Level
    about: str
    says: str
