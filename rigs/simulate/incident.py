"""One incident of a seed: what dispatch and records say of it, as time goes by."""

from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any, Literal

from chalicelib.domain.incidents.facts import Link
from chalicelib.domain.incidents.update import Latch, Update
from chalicelib.domain.phones import Phone
from chalicelib.virtual.fiction import fictional_email, fictional_phone

_TYPES = ("NOISE", "NOISE", "THEFT", "THEFT", "ALL", "ALL", "WELFARE", "DV", "UNHEARD-OF")
_ROLES = (("caller",), ("caller",), ("caller", "victim"), ("victim",), ("caller", "caller"), ("caller",) * 4)
_PEOPLE = 5
_CROWDS = (12, 40)
"""More people than are told, and more than are kept."""

UNKNOWN = "H26-9"
"""An incident of which nobody tells."""

Oddity = Literal["ring", "unknown", "tie", "crowd"]
"""Things that a city does seldom: duplicates in a ring or of nothing known, two words of one second, a crowd."""

GRID = timedelta(minutes=5)
"""In a punctual city everything happens at multiples of this."""


def punctually(at: datetime) -> datetime:
    """Return the next time at which everything happens at once in a punctual city."""
    return at - (at - datetime.min.replace(tzinfo=UTC)) % GRID + GRID


class Course:
    """An incident's updates, in no order."""

    def __init__(self, rng: Random, number: str, others: list[str], received: datetime, punctual: bool) -> None:
        self._rng, self._number, self._others = rng, number, others
        self._received, self._punctual = received, punctual
        self.updates: list[Update] = []
        self._tell()

    def tell_oddity(self, oddity: Oddity) -> None:
        """Tell a seldom thing too, drawn from the number and the time of the call alone."""
        dice = Random(f"{self._number} {self._received} {oddity}")  # noqa: S311  a story, no secret
        minute = dice.uniform(0.1, 25)
        if oddity == "ring" and self._others:
            beyond = [each for each in self._others if each > self._number]
            self._say(minute, linked_to=Link(min(beyond or self._others), dice.choice(("duplicate_of", "merged_into"))))
        elif oddity == "unknown" and dice.random() < 0.7:  # noqa: PLR2004  most of them
            self._say(minute, linked_to=Link(UNKNOWN, "duplicate_of"))
        elif oddity == "tie":
            for arrived in dice.sample((None, self._at(minute)), 2):
                self._say(minute, arrived_at=arrived)
        elif oddity == "crowd":
            people = {
                f"c{place}": {"phone": Phone(number=fictional_phone(place))} for place in range(dice.choice(_CROWDS))
            }
            self._say(minute, parties=people)

    def _tell(self) -> None:
        rng = self._rng
        closed = self._course()
        if self._often(0.25):
            self._say(rng.uniform(0.2, 40), **rng.choice(self._turns()))
        if self._often(0.1):
            self._say(rng.uniform(0.1, 30), latches=frozenset({rng.choice(list(Latch))}))
        if self._often(0.08):
            self._say(rng.uniform(0.1, 30), unsafe_parties=frozenset({"1"}))
        if self._often(0.15):
            self._say(rng.uniform(0.1, 60), parties={"1": {"phone": Phone(number=self._phone())}})
        if self._others and self._often(0.3):
            link = Link(rng.choice(self._others), rng.choice(("duplicate_of", "merged_into", "related")))
            self._say(rng.uniform(0.1, 20), linked_to=link)
            if self._often(0.3):
                self._say(rng.uniform(20, 60), linked_to=None)
        if self._often(0.4):
            self._say(closed + rng.choice((0.0, 90.0, 3000.0)), case_numbers=(f"26-{self._number[-1]}",))

    def _course(self) -> float:
        """Tell the usual course of a call; return when it ended, in minutes."""
        rng, code = self._rng, self._rng.choice(_TYPES)
        self._say(
            0,
            parties=self._parties(),
            origin="911",
            incident_type=code,
            priority=rng.choice(("2", "3")),
            received_at=self._received,
        )
        minute = rng.uniform(1, 30)
        if self._often(0.8):
            self._say(minute, dispatched_at=self._at(minute), enroute_at=self._at(minute))
        if self._often(0.7):
            minute += rng.uniform(1, 60)
            self._say(minute, arrived_at=self._at(minute))
            if self._often(0.1):
                self._say(minute + 1, arrived_at=None)
        minute += rng.uniform(1, 60)
        if self._often(0.1):
            self._say(minute, cancelled_at=self._at(minute), dispositions=("CAN",))
        elif self._often(0.9):
            self._say(minute, closed_at=self._at(minute), dispositions=(rng.choice(("HAN", "HAN", "GOA", "RPT")),))
        return minute

    def _turns(self) -> tuple[dict[str, Any], ...]:
        return (
            {"incident_type": "DV"},
            {"type_modifier": "IN PROGRESS"},
            {"type_modifier": "WEAPON SEEN", "rejected": True},
            {"incident_type": "UNHEARD-OF"},
            {"transferred_to": "county-so"},
            {"scheduled_for": self._at(600)},
            {"response_mode": "phone"},
            {"dispositions": ("RPT",)},
        )

    def _parties(self) -> dict[str, dict[str, Any]]:
        roles = self._rng.choice(_ROLES)
        return {str(place): self._party(role) for place, role in enumerate(roles, 1)}

    def _party(self, role: str) -> dict[str, Any]:
        rng = self._rng
        told: dict[str, Any] = {"role": role, "language": rng.choice(("en", "es", None))}
        if self._often(0.85):
            told["phone"] = Phone(number=self._phone())
        if self._often(0.3):
            told["email"] = fictional_email(rng.randrange(_PEOPLE))
        return told

    def _phone(self) -> str:
        return fictional_phone(self._rng.randrange(_PEOPLE))

    def _at(self, minutes: float) -> datetime:
        at = self._received + timedelta(minutes=minutes)
        return punctually(at) if self._punctual and minutes > 1 else at

    def _say(self, minutes: float, parties: dict[str, dict[str, Any]] | None = None, **told: Any) -> None:
        own = {name: told.pop(name) for name in ("latches", "unsafe_parties", "rejected") if name in told}
        update_id = f"{self._number}-{len(self.updates)}"
        self.updates.append(
            Update(
                incident_number=self._number,
                as_of=self._at(minutes),
                update_id=update_id,
                facts=told,
                parties=parties or {},
                **own,
            )
        )

    def _often(self, share: float) -> bool:
        return self._rng.random() < share
