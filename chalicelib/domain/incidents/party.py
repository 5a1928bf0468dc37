"""Parties: a person or institution on an incident, as all updates together describe it."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Self

from msgspec import Struct
from msgspec.structs import replace

from chalicelib.domain.incidents.facts import ContactKind, Role
from chalicelib.domain.incidents.merge import Stamp, Word, heard, latest, stamps_in, values_in, words_of
from chalicelib.domain.incidents.update import ALSO_AT, Update, known_at, reachable_at
from chalicelib.domain.phones import Phone

MOST_ADDRESSES = 100


class Party(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A person or institution that reported the incident or suffered from it.

    `ever_at` are all addresses that the party ever had: if the party is unsafe to contact, each of them is.
    `unsafe_as_of` is the time of the latest update that said so. `other` has the words of the other source, where CAD
    and RMS both spoke of a field.
    """

    role: Role | None = None
    contact_kind: ContactKind | None = None
    phone: Phone | None = None
    email: str | None = None
    language: str | None = None
    unsafe_as_of: datetime | None = None
    ever_at: frozenset[str] = frozenset()
    stamps: dict[str, Stamp] = {}
    other: "Party | None" = None

    @property
    def addresses(self) -> frozenset[str]:
        """Return every address at which the party can be reached."""
        return reachable_at(self.phone, self.email)

    def told(self, news: Mapping[str, Any], stamp: Stamp, unsafe: bool, reached: frozenset[str] = frozenset()) -> Self:
        """Return the party with an update's fields merged in."""
        known = self.heard({name: Word(value, stamp) for name, value in news.items() if name != ALSO_AT})
        ever_at = self.ever_at | reached | known_at(news)
        return replace(
            known,
            unsafe_as_of=latest(self.unsafe_as_of, stamp.as_of if unsafe else None),
            ever_at=frozenset(sorted(ever_at)[:MOST_ADDRESSES]),
        )

    def heard(self, told: Mapping[str, Word]) -> Self:
        """Return the party with more words about its fields merged in."""
        news = heard(self.words(told), self.other.words(told) if self.other else {}, told)
        other = (self.other or Party()).saying(news.other) if news.other else self.other
        return replace(self.saying(news.shown), other=other)

    def joined(self, other: "Party") -> Self:
        """Return two records of the party merged, the same in either order."""
        party = self.heard(other.words(other.stamps))
        if other.other:
            party = party.heard(other.other.words(other.other.stamps))
        return replace(
            party,
            unsafe_as_of=latest(self.unsafe_as_of, other.unsafe_as_of),
            ever_at=frozenset(sorted(self.ever_at | other.ever_at | other.addresses)[:MOST_ADDRESSES]),
        )

    def words(self, names: Iterable[str]) -> dict[str, Word]:
        """Return the words behind those of the named fields that were told."""
        return words_of(self, self.stamps, names)

    def saying(self, words: Mapping[str, Word]) -> Self:
        """Return the party with these words in place of those it had."""
        return replace(self, **values_in(words), stamps=self.stamps | stamps_in(words))


def told_parties(parties: Mapping[str, Party], update: Update, stamp: Stamp) -> dict[str, Party]:
    """Return an incident's parties with an update's fields for each merged in."""
    return {
        **parties,
        **{
            party_id: parties.get(party_id, Party()).told(
                update.parties.get(party_id, {}),
                stamp,
                party_id in update.unsafe_parties,
                update.reached.get(party_id, frozenset()),
            )
            for party_id in update.parties.keys() | update.unsafe_parties
        },
    }
