"""Which door, wording and sending hour a person gets, by chance that is the same each time.

Off unless the settings say so. An arm is recorded with the answer.
"""

from typing import Annotated, Literal

from msgspec import Meta, Struct


class Arm(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What one person got of an experiment; empty where it does not vary."""

    experiment: str = ""
    door: Literal["link", "reply"] | None = None
    wording: Literal["a", "b"] | None = None
    hour: int | None = None


class Experiment(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What varies, each by the same shares; a name of its own makes other draws."""

    name: Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9-]{0,31}$")]
    door: Annotated[tuple[Literal["link", "reply"], ...], Meta(max_length=2)] = ()
    wording: Annotated[tuple[Literal["a", "b"], ...], Meta(max_length=2)] = ()
    hour: Annotated[tuple[Annotated[int, Meta(ge=0, le=23)], ...], Meta(max_length=6)] = ()
