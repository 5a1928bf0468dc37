"""Duplicates: find the incidents that are the same as another, and the parties to tell about it.

A follower is an incident that names another as the same. Each carries that word and its stamp. The groups are worked
out from all followers together, so links, parties and withdrawn links may come in any order. Links may lead back to
where they began: of such a ring, the incident with the smallest number leads.
"""

from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Self

from msgspec import Struct
from msgspec.structs import replace

from chalicelib.domain.incidents.facts import Link
from chalicelib.domain.incidents.merge import Stamp, Word, settle
from chalicelib.domain.incidents.party import Party
from chalicelib.domain.names import Kind, recipient_name

MOST_FOLLOWERS = 30
MOST_FOLLOWING = 60
"""The most incidents and parties that one incident takes in: an item of DynamoDB has a size limit."""

UNKNOWN_LEADER_WAIT = timedelta(minutes=5)
"""How long people wait for the incident that theirs was first said to be the same as, if nobody has told of it."""

_SAME = frozenset({"duplicate_of", "merged_into"})


class Follower(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An incident that is, or was, said to be the same as this one, directly or by way of others.

    `leader` is the incident that it names as the same, None after it took that back; `stamp` is of that word. `other`
    is the word of the other source, where CAD and RMS both spoke of the link. `told` are the kinds that a party
    already got about any of the incidents.
    """

    leader: str | None
    stamp: Stamp
    parties: dict[str, Party] = {}
    told: dict[str, frozenset[Kind]] = {}
    other_leader: str | None = None
    other_stamp: Stamp | None = None

    @property
    def words(self) -> list[Word]:
        """Return the words of each source about whom it follows."""
        other = [Word(self.other_leader, self.other_stamp)] if self.other_stamp else []
        return [Word(self.leader, self.stamp), *other]

    def joined(self, other: "Follower") -> "Follower":
        """Return two records of the follower merged, the same in either order."""
        shown, beside = settle("leader", [*self.words, *other.words])
        parties = {
            party_id: self.parties.get(party_id, Party()).joined(other.parties.get(party_id, Party()))
            for party_id in sorted(self.parties.keys() | other.parties.keys())
        }
        return Follower(
            leader=shown.value,
            stamp=shown.stamp,
            other_leader=beside.value if beside else None,
            other_stamp=beside.stamp if beside else None,
            parties=parties,
            told=self.told,
        ).also_told(other.told)

    def also_told(self, more: Mapping[str, frozenset[Kind]]) -> Self:
        """Return the follower with more kinds that its parties have got."""
        return replace(self, told=all_told(self.told, more))


def leader(link: Link | None, own: Collection[str]) -> str | None:
    """Return the incident that a link names as the same, or None; a link to itself, by any key, says nothing."""
    named = link.incident_number if link and link.relation in _SAME else None
    return None if named in own else named


def ring(number: str, names: str | None, followers: Mapping[str, Follower]) -> frozenset[str]:
    """Return all incidents of the ring that an incident closes by the one it names; empty where there is no ring."""
    way, at = [number], names
    while at is not None and at not in way:
        way.append(at)
        at = followers[at].leader if at in followers else None
    return frozenset(way) if at == number else frozenset()


def all_told(one: Mapping[str, frozenset[Kind]], other: Mapping[str, frozenset[Kind]]) -> dict[str, frozenset[Kind]]:
    """Return every kind that each party got by either account."""
    return {
        party_id: one.get(party_id, frozenset()) | other.get(party_id, frozenset())
        for party_id in sorted(one.keys() | other.keys())
    }


def same(number: str, followers: Mapping[str, Follower]) -> dict[str, Follower]:
    """Return the followers whose links lead to an incident, directly or by way of other followers."""
    return {each: follower for each, follower in sorted(followers.items()) if _leads(each, number, followers)}


def people(followers: Mapping[str, Follower]) -> dict[str, Party]:
    """Return the parties of followers by recipient."""
    return {
        recipient_name(party_id, number): party
        for number, follower in sorted(followers.items())
        for party_id, party in sorted(follower.parties.items())
    }


def fitting(followers: Mapping[str, Follower]) -> dict[str, Follower]:
    """Return as many followers as can be kept, in the order of their numbers."""
    kept: dict[str, Follower] = {}
    room = MOST_FOLLOWING
    for number, follower in sorted(followers.items())[:MOST_FOLLOWERS]:
        room -= max(1, len(follower.parties))
        if room >= 0:
            kept[number] = follower
    return kept


def _leads(follower: str, number: str, followers: Mapping[str, Follower]) -> bool:
    seen: set[str] = set()
    at: str | None = follower
    while at is not None and at != number and at not in seen:
        seen.add(at)
        at = followers[at].leader if at in followers else None
    return at == number
