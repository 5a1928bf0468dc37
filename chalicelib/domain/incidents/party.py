"""Parties: a person or institution on an incident, as all updates together describe it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Self

from msgspec import Struct
from msgspec.structs import replace

from chalicelib.domain.incidents.facts import ContactKind, Role
from chalicelib.domain.incidents.merge import Stamp, latest, newer
from chalicelib.domain.incidents.update import ALSO_AT, Update, known_at, reachable_at
from chalicelib.domain.phones import Phone

MOST_ADDRESSES = 100


class Party(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A person or institution that reported the incident or suffered from it.

    `ever_at` are all addresses that the party ever had: if the party is unsafe to contact, each of them is.
    `unsafe_as_of` is the time of the latest update that said so.
    """

    role: Role | None = None
    contact_kind: ContactKind | None = None
    phone: Phone | None = None
    email: str | None = None
    language: str | None = None
    unsafe_as_of: datetime | None = None
    ever_at: frozenset[str] = frozenset()
    stamps: dict[str, Stamp] = {}

    @property
    def addresses(self) -> frozenset[str]:
        """Return every address at which the party can be reached."""
        return reachable_at(self.phone, self.email)

    def told(self, news: Mapping[str, Any], stamp: Stamp, unsafe: bool) -> Self:
        """Return the party with an update's fields merged in."""
        ever_at = self.ever_at | known_at(news)
        fresh = newer(self, self.stamps, {name: value for name, value in news.items() if name != ALSO_AT}, stamp)
        return replace(
            self,
            **fresh,
            unsafe_as_of=latest(self.unsafe_as_of, stamp.as_of if unsafe else None),
            ever_at=frozenset(sorted(ever_at)[:MOST_ADDRESSES]),
            stamps=self.stamps | dict.fromkeys(fresh, stamp),
        )

    def joined(self, other: "Party") -> Self:
        """Return two records of the party merged, the same in either order."""
        party = self
        for name, stamp in other.stamps.items():
            party = party.told({name: getattr(other, name)}, stamp, unsafe=False)
        return replace(
            party,
            unsafe_as_of=latest(self.unsafe_as_of, other.unsafe_as_of),
            ever_at=frozenset(sorted(party.ever_at | other.ever_at)[:MOST_ADDRESSES]),
        )


def told_parties(parties: Mapping[str, Party], update: Update, stamp: Stamp) -> dict[str, Party]:
    """Return an incident's parties with an update's fields for each merged in."""
    return {
        **parties,
        **{
            party_id: parties.get(party_id, Party()).told(
                update.parties.get(party_id, {}), stamp, party_id in update.unsafe_parties
            )
            for party_id in update.parties.keys() | update.unsafe_parties
        },
    }
