"""Follow-ups in memory, and the desks that were told of them."""

from datetime import datetime

from msgspec.structs import replace

from chalicelib.domain.surveys.follow_up import Desk, FollowUp


class MemoryFollowUps:
    """The port `FollowUps`."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, Desk, str], FollowUp] = {}

    def keep(self, one: FollowUp, keep_until: datetime | None) -> bool:
        """Keep it, or its newest words; return whether it was new."""
        key = one.agency_id, one.desk, one.id
        known = self._kept.get(key)
        if known is None:
            self._kept[key] = one
        elif known.answered_at is None:
            self._kept[key] = replace(one, raised_at=known.raised_at, due_at=known.due_at)
        return known is None

    def withdraw(self, agency_id: str, desk: Desk, name: str) -> None:
        """Take away what a desk must not see any more."""
        self._kept.pop((agency_id, desk, name), None)

    def of(self, agency_id: str, desk: Desk) -> list[FollowUp]:
        """Return all that a desk was given, oldest first."""
        found = [one for key, one in self._kept.items() if key[:2] == (agency_id, desk)]
        return sorted(found, key=lambda one: (one.raised_at, one.id))

    def answer(self, agency_id: str, desk: Desk, name: str, at: datetime, by: str, note: str) -> bool:
        """Note that somebody saw to it."""
        known = self._kept.get((agency_id, desk, name))
        if known is None or known.answered_at:
            return False
        self._kept[agency_id, desk, name] = replace(known, answered_at=at, answered_by=by, note=note)
        return True


class MemoryDesks:
    """The port `Desks`: keeps what was told."""

    def __init__(self) -> None:
        self.told: list[FollowUp] = []

    def tell(self, one: FollowUp) -> None:
        """Tell a desk."""
        self.told.append(one)
