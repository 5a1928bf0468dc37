"""The ledger in memory: acts that take two people, and looks and acts of one."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from chalicelib.domain.approval import Entry
from chalicelib.domain.ledger.noted import Noted, check
from chalicelib.domain.ledger.what import What
from chalicelib.domain.ledger.who import key_of
from chalicelib.ports.errors import Conflict


class MemoryLedger:
    """A ledger in which a step is taken once, and an entry is kept once."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.notes: list[Noted] = []
        self.purging = self

    def keep(self, entry: Entry) -> None:
        """Write an entry alone; Conflict where somebody took this step before."""
        if any(_step(one) == _step(entry) for one in self.entries):
            raise Conflict
        self.entries.append(entry)

    def keep_all(self, entries: Sequence[Entry]) -> None:
        """Write the entries of one act, all or none; Conflict where somebody took one of these steps before."""
        if not {_step(one) for one in self.entries}.isdisjoint(map(_step, entries)):
            raise Conflict
        self.entries.extend(entries)

    def since(self, agency_id: str, at: datetime) -> tuple[Entry, ...]:
        """Return the entries of an agency's proposals since an instant, the oldest proposal first."""
        found = (one for one in self.entries if one.act.agency_id == agency_id and one.proposed_at >= at)
        return tuple(sorted(found, key=_step))

    def proposed_between(self, agency_id: str, since: datetime, until: datetime, size: int = 100) -> Iterator[Entry]:
        """Yield the entries of what was proposed from one instant to another, the newest proposal first."""
        yield from (one for one in reversed(self.since(agency_id, since)) if one.proposed_at <= until)

    def note(self, *noted: Noted) -> None:
        """Keep entries, all or none; the same one again is kept once. Unnotable."""
        for one in noted:
            check(one)
        self.notes.extend(one for one in noted if one not in self.notes)

    def noted(
        self,
        agency_id: str,
        since: datetime,
        until: datetime,
        *,
        what: str = "",
        by: str = "",
        about: str = "",
        size: int = 100,
    ) -> Iterator[Noted]:
        """Yield the entries from one instant to another, both included, the newest first."""
        for one in sorted(self.notes, key=lambda one: one.at, reverse=True):
            fits = what in ("", one.what) and (not by or key_of(one.by) in (by, key_of(by)))
            if fits and about in ("", one.about) and one.agency_id == agency_id and since <= one.at <= until:
                yield one

    def extent(
        self, agency_id: str, since: datetime, before: datetime, held: frozenset[str] = frozenset()
    ) -> tuple[int, datetime | None]:
        """Return how many entries a purge would delete, and the time of the oldest."""
        found = self._found(agency_id, since, before, held)
        return len(found), min((one.at for one in found), default=None)

    def purge(self, agency_id: str, since: datetime, before: datetime, held: frozenset[str] = frozenset()) -> int:
        """Delete the entries of a range of time, and return how many."""
        found = self._found(agency_id, since, before, held)
        self.notes = [one for one in self.notes if one not in found]
        return len(found)

    def _found(self, agency_id: str, since: datetime, before: datetime, held: frozenset[str]) -> list[Noted]:
        ours = (one for one in self.notes if one.agency_id == agency_id and one.what != What.PURGED)
        return [one for one in ours if since <= one.at < before and one.about not in held]


def _step(entry: Entry) -> tuple[datetime, str, str]:
    return entry.proposed_at, entry.digest, entry.step
