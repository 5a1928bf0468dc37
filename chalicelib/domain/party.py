"""A person or institution on an incident, and the parties of another incident that turned out to be the same one."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Self

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from chalicelib.domain.contact import Phone
from chalicelib.domain.facts import ContactKind, Role
from chalicelib.domain.identity import Kind
from chalicelib.domain.update import reachable_at

MOST_ADDRESSES = 100


class Stamp(Struct, frozen=True, order=True, array_like=True):
    """When a fact was so, and which update said it: the later stamp wins."""

    as_of: datetime
    update_id: str


class Party(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A person or institution that reported the incident or suffered from it.

    `ever_at` are all addresses that the party ever had: an unsafe party makes each of them unsafe.
    `unsafe_as_of` is the latest update that said so.
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
        """Return every address by which the party could be reached."""
        return reachable_at(self.phone, self.email)

    def told(self, news: Mapping[str, Any], stamp: Stamp, unsafe: bool) -> Self:
        """Return the party with an update's word taken in."""
        ever_at = self.ever_at | reachable_at(news.get("phone"), news.get("email"))
        fresh = newer(self, self.stamps, news, stamp)
        return replace(
            self,
            **fresh,
            unsafe_as_of=latest(self.unsafe_as_of, stamp.as_of if unsafe else None),
            ever_at=frozenset(sorted(ever_at)[:MOST_ADDRESSES]),
            stamps=self.stamps | dict.fromkeys(fresh, stamp),
        )

    def joined(self, other: "Party") -> Self:
        """Return what both together know, whichever came first."""
        party = self
        for name, stamp in other.stamps.items():
            party = party.told({name: getattr(other, name)}, stamp, unsafe=False)
        return replace(
            party,
            unsafe_as_of=latest(self.unsafe_as_of, other.unsafe_as_of),
            ever_at=frozenset(sorted(party.ever_at | other.ever_at)[:MOST_ADDRESSES]),
        )


class Follower(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Another incident that is the same as this one: its parties are told of this one, each once a kind.

    `linked` is false where the link was taken back; `stamp` is of the word that said so last. `told`
    are the kinds that a party got about its own incident before.
    """

    linked: bool
    stamp: Stamp
    parties: dict[str, Party] = {}
    told: dict[str, frozenset[Kind]] = {}

    def joined(self, other: "Follower") -> Self:
        """Return what both together know, whichever came first."""
        stamp, linked = max((self.stamp, self.linked), (other.stamp, other.linked))
        parties = {
            party_id: self.parties.get(party_id, Party()).joined(other.parties.get(party_id, Party()))
            for party_id in sorted(self.parties.keys() | other.parties.keys())
        }
        told = {
            party_id: self.told.get(party_id, frozenset()) | other.told.get(party_id, frozenset())
            for party_id in self.told.keys() | other.told.keys()
        }
        return replace(self, linked=linked, stamp=stamp, parties=parties, told=told)


def newer(known: Struct, stamps: Mapping[str, Stamp], told: Mapping[str, Any], stamp: Stamp) -> dict[str, Any]:
    """Return those of the told fields whose word is later than what is known."""
    return {name: value for name, value in told.items() if _wins(value, stamp, getattr(known, name), stamps.get(name))}


def latest(one: datetime | None, other: datetime | None) -> datetime | None:
    """Return the later of two instants, either of which may be missing."""
    return max((at for at in (one, other) if at), default=None)


def canonical(value: object) -> bytes:
    """Return a value as bytes that are the same whenever the value is."""
    return msgspec.json.encode(value, order="deterministic")


def _wins(value: object, stamp: Stamp, known: object, known_stamp: Stamp | None) -> bool:
    if known_stamp is None or stamp != known_stamp:
        return known_stamp is None or stamp > known_stamp
    # One update id, two values: a broken source. Any rule will do that ignores which came first.
    return canonical(value) > canonical(known)
