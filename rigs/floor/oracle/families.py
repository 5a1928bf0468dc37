"""Duplicates: which incidents are one, as the latest word of each says."""

from collections.abc import Iterator, Mapping
from typing import Any

from rigs.floor.oracle.told import Told

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

    def leaders(self, number: str) -> Iterator[str]:
        """Yield the incident that one is a duplicate of, and the one that this is a duplicate of, and so on."""
        seen, above = {number}, leader(number, self.of(number).facts)
        while above is not None and above not in seen:
            seen.add(above)
            yield above
            above = leader(above, self.of(above).facts)
