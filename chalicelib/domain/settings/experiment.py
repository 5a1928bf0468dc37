"""Which door, wording and sending hour a person gets, by chance that is the same each time.

Off unless the settings say so. An arm is recorded with the answer.
"""

import hashlib
from typing import Annotated, Literal, TypeVar

from msgspec import Meta, Struct

from chalicelib.domain.names import NotificationKey

T = TypeVar("T")


class Arm(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One person's draw in an experiment; a part that does not vary is empty."""

    experiment: str = ""
    door: Literal["link", "reply"] | None = None
    wording: Literal["a", "b"] | None = None
    hour: int | None = None

    @property
    def name(self) -> str:
        """Return the arm as one word for analysts, such as `door-2026 door=reply hour=12`; "" outside an experiment."""
        varied = {"door": self.door, "wording": self.wording, "hour": self.hour}
        drawn = (f"{what}={which}" for what, which in varied.items() if which is not None)
        return " ".join((self.experiment, *drawn)) if self.experiment else ""


class Experiment(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The parts that vary, each by the same shares; another name makes other draws."""

    name: Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9-]{0,31}$")]
    door: Annotated[tuple[Literal["link", "reply"], ...], Meta(max_length=2)] = ()
    wording: Annotated[tuple[Literal["a", "b"], ...], Meta(max_length=2)] = ()
    hour: Annotated[tuple[Annotated[int, Meta(ge=0, le=23)], ...], Meta(max_length=6)] = ()


def arm(experiment: Experiment | None, key: NotificationKey) -> Arm:
    """Return the arm of one notification: the same each time, each part drawn apart from the others."""
    if experiment is None:
        return Arm()
    return Arm(
        experiment=experiment.name,
        door=_draw("door", experiment.door, experiment, key),
        wording=_draw("wording", experiment.wording, experiment, key),
        hour=_draw("hour", experiment.hour, experiment, key),
    )


def _draw(part: str, among: tuple[T, ...], experiment: Experiment, key: NotificationKey) -> T | None:
    """Draw by a hash: which of them is as good as chance, and nobody has to remember it."""
    if not among:
        return None
    drawn = hashlib.sha256(f"{experiment.name} {part} {key.id}".encode()).digest()
    return among[int.from_bytes(drawn[:8]) % len(among)]
