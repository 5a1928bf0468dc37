"""Silences: who hears nothing about any incident, until when. Nothing ends one but its end or a release."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from rigs.floor.oracle.state import State

CLOCKS = timedelta(minutes=5)
"""How far ahead of ours a dispatch system's clock may be."""


class Silences:
    """Every silence that has begun, by address and by the incident that began it.

    `perhaps` has the latest end that can be read into the documents: nothing is owed before.
    """

    def __init__(self, state: State) -> None:
        self._state = state
        self._until: dict[str, dict[str, datetime]] = {}
        self.perhaps: dict[str, datetime] = {}
        self._begun = set[str]()
        self._seen = set[tuple[str, str]]()

    def holds(self, addresses: Iterable[str], now: datetime) -> bool:
        """Tell whether one of the addresses is silenced."""
        return any(now < until for each in addresses for until in self._until.get(each, {}).values())

    def may_hold(self, addresses: Iterable[str], now: datetime) -> bool:
        """Tell whether one of them may be silenced."""
        return any(now < self.perhaps.get(each, now) for each in addresses)

    def heard(self, number: str, now: datetime, news: bool) -> None:
        """Begin the silences that a word about an incident begins."""
        for each in (number, *self._state.leaders(number)):
            grave = self._state.sensitive(each) or self._state.latched(each, "juvenile")
            if not (grave or each in self._begun or self._state.in_doubt(each)):
                continue
            until = now + self._state.book.rules.silence
            for address in set[str]().union(*(self._state.of(one).ever_at for one in self._state.ever(each))):
                self.perhaps[address] = max(until + CLOCKS, self.perhaps.get(address, until))
            for address in self._ever_at(each):
                first = (each, address) not in self._seen
                if grave and (first or (news and each == number)):
                    mine = self._until.setdefault(address, {})
                    mine[each] = max(until, mine.get(each, until))
                    self._seen.add((each, address))
            if grave:
                self._begun.add(each)

    def released(self, number: str) -> None:
        """End the silences of an incident, if nothing else about it keeps its people silent."""
        if self._state.sensitive(number) or self._state.latched(number, "juvenile"):
            return
        self._begun.discard(number)
        self._seen = {pair for pair in self._seen if pair[0] != number}
        others = self._state.ever(number) - {number}
        for address, causes in self._until.items():
            causes.pop(number, None)
            for other in others & causes.keys():
                if address not in self._state.of(other).ever_at:
                    del causes[other]
            if not others and not causes:
                self.perhaps.pop(address, None)

    def _ever_at(self, number: str) -> set[str]:
        return set[str]().union(*(self._state.of(each).ever_at for each in self._state.family(number)))
