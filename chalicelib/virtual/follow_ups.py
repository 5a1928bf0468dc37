"""Follow-ups in memory, and the desks that were told of them."""

from datetime import datetime

from msgspec.structs import replace

from chalicelib.domain.desk.owed import owing, withdrawn
from chalicelib.domain.surveys.follow_up import Desk, FollowUp, newest
from chalicelib.ports.errors import Conflict
from chalicelib.virtual.desk import MemoryAttention


class MemoryFollowUps:
    """The port `FollowUps`."""

    def __init__(self, attention: MemoryAttention | None = None) -> None:
        self._attention = attention or MemoryAttention()
        self._kept: dict[tuple[str, Desk, str], FollowUp] = {}
        self._until: dict[tuple[str, Desk, str], datetime | None] = {}
        self._resting: dict[tuple[str, str], datetime] = {}

    def keep(self, one: FollowUp, keep_until: datetime | None) -> bool:
        """Keep it, or its newest words; return whether it was new."""
        key = one.agency_id, one.desk, one.id
        known = self._kept.get(key)
        if known is None:
            self._until[key] = keep_until
            self._write(one)
        elif known.answered_at is None:
            self._write(newest(one, known))
        return known is None

    def take(self, agency_id: str, desk: Desk, name: str) -> FollowUp | None:
        """Note that a desk is being told of it; return it."""
        known = self._kept.get((agency_id, desk, name))
        if known is None or known.rests_until is None:
            return None
        told = replace(known, rests_until=None)
        self._write(told)
        return told

    def rest(self, agency_id: str, survey: str, until: datetime) -> None:
        """Note that the follow-ups of a survey wait."""
        self._resting[agency_id, survey] = until

    def resting(self, agency_id: str, by: datetime) -> list[tuple[str, datetime]]:
        """Return the surveys that have rested by then."""
        return [(key[1], until) for key, until in self._resting.items() if key[0] == agency_id and until <= by]

    def lease(self, agency_id: str, survey: str, until: datetime, to: datetime) -> bool:
        """Put a rest off."""
        if self._resting.get((agency_id, survey)) != until:
            return False
        self._resting[agency_id, survey] = to
        return True

    def rested(self, agency_id: str, survey: str, until: datetime) -> None:
        """Forget a rest, unless it is not as it was read."""
        if self._resting.get((agency_id, survey)) == until:
            del self._resting[agency_id, survey]

    def withdraw(self, agency_id: str, desk: Desk, name: str) -> None:
        """Take away what a desk must not see any more."""
        self._kept.pop((agency_id, desk, name), None)
        self._attention.note(agency_id, withdrawn(desk, name))

    def of(self, agency_id: str, desk: Desk) -> list[FollowUp]:
        """Return all that a desk was given, oldest first."""
        found = [one for key, one in self._kept.items() if key[:2] == (agency_id, desk)]
        return sorted(found, key=lambda one: (one.raised_at, one.id))

    def find(self, agency_id: str, desk: Desk, name: str) -> FollowUp | None:
        """Return one of a desk's."""
        return self._kept.get((agency_id, desk, name))

    def praise(
        self, agency_id: str, span: tuple[datetime, datetime], most: int, after: str = ""
    ) -> tuple[tuple[str, ...], str]:
        """Return the names of praise that was raised in a span."""
        places = sorted(
            (f"{one.raised_at.isoformat()}#{one.id}", one.id)
            for one in self.of(agency_id, Desk.UNIT)
            if span[0] <= one.raised_at < span[1]
        )
        left = [each for each in places if each[0] > after]
        return tuple(name for _, name in left[:most]), left[most - 1][0] if len(left) > most else ""

    def closed(self, agency_id: str, desk: Desk, most: int, before: str = "") -> tuple[tuple[str, ...], str]:
        """Return the names of what a desk saw to, the last first."""
        ended = [one for one in self.of(agency_id, desk) if one.answered_at]
        places = sorted(((f"{one.answered_at:%Y-%m-%dT%H:%M:%S.%f}#{one.id}", one.id) for one in ended), reverse=True)
        left = [each for each in places if not before or each[0] < before]
        return tuple(name for _, name in left[:most]), left[most - 1][0] if len(left) > most else ""

    def put(self, before: FollowUp, after: FollowUp) -> None:
        """Write one over what was read; Conflict."""
        if self.find(before.agency_id, before.desk, before.id) != before:
            raise Conflict
        self._write(after)

    def answer(self, agency_id: str, desk: Desk, name: str, at: datetime, by: str, note: str) -> bool:
        """Note that somebody saw to it."""
        known = self._kept.get((agency_id, desk, name))
        if known is None or known.answered_at:
            return False
        self._write(replace(known, answered_at=at, answered_by=by, note=note))
        return True

    def expire(self, one: FollowUp, until: datetime | None) -> None:
        """Let it expire then; None: never. What is gone stays gone."""
        known = self.find(one.agency_id, one.desk, one.id)
        if known is not None:
            self._until[one.agency_id, one.desk, one.id] = until
            self._write(known)

    def until(self, one: FollowUp) -> datetime | None:
        """Return until when it is kept."""
        return self._until.get((one.agency_id, one.desk, one.id))

    def _write(self, one: FollowUp) -> None:
        key = one.agency_id, one.desk, one.id
        self._kept[key] = one
        self._attention.note(one.agency_id, owing(one, self._until.get(key)))


class MemoryDesks:
    """The port `Desks`: keeps what was told, and in which words pagers were."""

    def __init__(self) -> None:
        self.told: list[FollowUp] = []
        self.pages: list[str] = []

    def tell(self, one: FollowUp, page: str) -> None:
        """Tell a desk."""
        self.told.append(one)
        self.pages.append(page)
