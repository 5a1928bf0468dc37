"""Duplicates: which incidents are one, as the latest word of each says."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from rigs.floor.oracle.told import Told

FOR_A_LEADER = timedelta(minutes=5)
_SAME = ("duplicate_of", "merged_into")


def leader(number: str, facts: Mapping[str, Any]) -> str | None:
    """Return the incident that one is a duplicate of."""
    link = facts.get("linked_to")
    return link["incident_number"] if link and link["relation"] in _SAME and link["incident_number"] != number else None


class Families:
    """All incidents, by number."""

    def __init__(self) -> None:
        self.told: dict[str, Told] = {}

    def of(self, number: str) -> Told:
        """Return what was told of an incident."""
        if number not in self.told:
            self.told[number] = Told()
        return self.told[number]

    def family(self, number: str) -> list[str]:
        """Return an incident and all that are now duplicates of it, or of one of them."""
        found = [number]
        for each in found:
            found += [one for one, told in self.told.items() if one not in found and leader(one, told.facts) == each]
        return found

    def ever(self, number: str) -> set[str]:
        """Return all incidents that ever had to do with one, by links in either direction."""
        found, before = {number}, set[str]()
        while found != before:
            before = set(found)
            for one, told in self.told.items():
                linked = {one, *told.ever_led}
                found |= linked if linked & found and told.ever_led else set()
        return found

    def heard_of(self, number: str) -> bool:
        """Tell whether anything was told of an incident."""
        return number in self.told and self.told[number].as_of is not None

    def ring(self, number: str) -> set[str]:
        """Return the incidents of a ring of links in which an incident is; none where its links end."""
        path = [number, *self.leaders(number)]
        return {*path} if leader(path[-1], self.of(path[-1]).facts) == number else set()

    def speaks(self, number: str) -> bool:
        """Tell whether people are told of this incident, rather than of the one that it names."""
        named, ring = leader(number, self.of(number).facts), self.ring(number)
        if ring:
            return number == min(ring)
        return named is None or not self.heard_of(named)

    def awaits(self, number: str) -> str | None:
        """Return the incident that this one names and of which nobody has told."""
        named = leader(number, self.of(number).facts)
        return None if named is None or self.heard_of(named) or self.ring(number) else named

    def waits_until(self, number: str) -> datetime | None:
        """Return until when people wait for the incident that theirs names: five minutes from its first word."""
        named = self.awaits(number)
        return self.of(number).ever_led[named] + FOR_A_LEADER if named else None

    def judged_with(self, number: str) -> list[str]:
        """Return all whose words count for an incident: its family, and the others that wait for the same one."""
        return [one for one in self.family(self.awaits(number) or number) if self.heard_of(one)]

    def leaders(self, number: str) -> Iterator[str]:
        """Yield the incident that one is a duplicate of, and the one that this is a duplicate of, and so on."""
        seen, above = {number}, leader(number, self.of(number).facts)
        while above is not None and above not in seen:
            seen.add(above)
            yield above
            above = leader(above, self.of(above).facts)
