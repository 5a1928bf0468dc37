"""An incident as all its updates together tell it, in whatever order they came."""

from collections.abc import Mapping
from datetime import datetime
from typing import Self, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from chalicelib.domain.facts import Facts
from chalicelib.domain.identity import IncidentKey
from chalicelib.domain.party import Follower, Party, Stamp, canonical, newer
from chalicelib.domain.release import Releasable, Release
from chalicelib.domain.update import Evidence, Latch, Update

MOST_KEPT = 100
"""So many words, addresses or dated values of an incident are kept, and 30 parties; no real one comes near."""

MOST_PARTIES_KEPT = 30
MOST_FOLLOWERS_KEPT = 30
_DATED = ("dispositions", "case_numbers")
_SAME = frozenset({"duplicate_of", "merged_into"})

T = TypeVar("T")
IncidentT = TypeVar("IncidentT", bound="Incident")


class Incident(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The state of an incident: each field as of its latest word, plus what never fades.

    `merge` is commutative, associative and idempotent. Fields are last-writer-wins by stamp;
    latches, evidence and addresses only grow; `first_told` is when a value was first so. What
    would grow without end is cut in a way that does not depend on the order (the least stay), and
    then the incident is `overfull`: it can't be judged any more. `followers` are the incidents
    that are duplicates of this one, by number.
    """

    agency_id: str
    incident_number: str
    as_of: datetime | None = None
    facts: Facts = Facts()
    stamps: dict[str, Stamp] = {}
    parties: dict[str, Party] = {}
    latches: dict[Latch, datetime] = {}
    evidence: frozenset[Evidence] = frozenset()
    addresses: frozenset[str] = frozenset()
    first_told: dict[str, datetime] = {}
    followers: dict[str, Follower] = {}
    releases: tuple[Release, ...] = ()
    overfull: bool = False

    @property
    def key(self) -> IncidentKey:
        """Return the incident's name."""
        return IncidentKey(self.agency_id, self.incident_number)

    @property
    def same_as(self) -> str | None:
        """Return the number of the incident that this one is a duplicate or a part of."""
        link = self.facts.linked_to
        return link.incident_number if link and link.relation in _SAME else None

    @property
    def everyone(self) -> dict[str, Party]:
        """Return the parties by recipient: its own, and those of the incidents that are the same one."""
        followers = {number: follower for number, follower in self.followers.items() if follower.linked}
        return self.parties | {
            f"{number}/{party_id}": party
            for number, follower in sorted(followers.items())
            for party_id, party in follower.parties.items()
        }

    @property
    def all_addresses(self) -> frozenset[str]:
        """Return every address that was ever on the incident, or on one that is the same."""
        followers = (party.ever_at for follower in self.followers.values() for party in follower.parties.values())
        return self.addresses.union(*followers)

    @property
    def unsafe_addresses(self) -> frozenset[str]:
        """Return every address that a party had who must not be contacted."""
        known = [("", self.parties), *((f"{number}/", item.parties) for number, item in self.followers.items())]
        return frozenset[str]().union(
            *(
                party.ever_at
                for prefix, parties in known
                for party_id, party in parties.items()
                if party.unsafe_as_of and not self.released("unsafe", party.unsafe_as_of, prefix + party_id)
            )
        )

    def holds(self, latch: Latch) -> bool:
        """Tell whether a latch was set, and not released since."""
        return latch in self.latches and not self.released(latch.value, self.latches[latch])

    def released(self, what: Releasable, since: datetime | None = None, party_id: str = "") -> bool:
        """Tell whether somebody has released it, and no update said it again since."""
        found = (item for item in self.releases if (item.what, item.party_id) == (what, party_id))
        return any(since is None or item.at >= since for item in found)

    def told_since(self, name: str) -> datetime:
        """Return when the present dispositions or case numbers were first told; snapshots repeat them."""
        return self.first_told[_dated(name, getattr(self.facts, name))]

    def merge(self, update: Update) -> Self:
        """Return the incident with the update's word taken in, whatever came before it."""
        stamp = Stamp(update.as_of, update.update_id)
        news = {} if update.rejected else newer(self.facts, self.stamps, update.facts, stamp)
        parties = self.parties | {
            party_id: self.parties.get(party_id, Party()).told(
                update.parties.get(party_id, {}), stamp, party_id in update.unsafe_parties
            )
            for party_id in update.parties.keys() | update.unsafe_parties
        }
        merged = replace(
            self,
            as_of=max(self.as_of or update.as_of, update.as_of),
            facts=replace(self.facts, **news),
            stamps=self.stamps | dict.fromkeys(news, stamp),
            parties=parties,
            latches=_latest(self.latches, dict.fromkeys(update.latches, update.as_of)),
            evidence=self.evidence | update.evidence,
            addresses=self.addresses | update.addresses,
            first_told=_earliest(self.first_told, update),
        )
        return _cut(merged)

    def adopt(self, number: str, follower: Follower, child: "Incident") -> Self:
        """Return the incident with another one's parties, and with what that one's words and latches forbid."""
        known = self.followers.get(number)
        followers = self.followers | {number: known.joined(follower) if known else follower}
        adopted = replace(
            self,
            followers=_least(followers, MOST_FOLLOWERS_KEPT),
            latches=_latest(self.latches, child.latches),
            evidence=self.evidence | child.evidence,
        )
        return _cut(adopted)

    def release(self, release: Release) -> Self:
        """Return the incident with a human's release, of all that is known now."""
        evidence = self.evidence if release.what == "sensitive" else release.evidence
        at = max(release.at, self.as_of or release.at)
        return replace(self, releases=(*self.releases, replace(release, evidence=evidence, at=at)))

    def knows_no_less_than(self, other: Self) -> bool:
        """Tell whether `other` has nothing that is newer here: same values, each as of the same instant.

        Which update said it does not count: a webhook sent again under a new id is a duplicate.
        """
        return _without_sources(self) == _without_sources(other)


def _earliest(known: Mapping[str, datetime], update: Update) -> dict[str, datetime]:
    told = {_dated(name, update.facts[name]) for name in _DATED if update.facts.get(name)}
    return {**known, **{value: min(known.get(value, update.as_of), update.as_of) for value in told}}


def _latest(known: Mapping[Latch, datetime], told: Mapping[Latch, datetime]) -> dict[Latch, datetime]:
    return {
        latch: max(at for at in (known.get(latch), told.get(latch)) if at)
        for latch in sorted(known.keys() | told.keys())
    }


def _dated(name: str, value: object) -> str:
    return f"{name}={canonical(value).decode()}"


def _least(items: Mapping[str, T], most: int) -> dict[str, T]:
    return dict(sorted(items.items())[:most])


def _without_sources(incident: Incident) -> Incident:
    def bare(stamps: dict[str, Stamp]) -> dict[str, Stamp]:
        return {name: replace(stamp, update_id="") for name, stamp in stamps.items()}

    parties = {party_id: replace(party, stamps=bare(party.stamps)) for party_id, party in incident.parties.items()}
    return replace(incident, stamps=bare(incident.stamps), parties=parties)


def _cut(incident: IncidentT) -> IncidentT:
    """Return the incident without what no real one has, marked as one that can't be judged."""
    grown = (incident.evidence, incident.addresses, incident.first_told)
    if len(incident.parties) <= MOST_PARTIES_KEPT and max(map(len, grown)) <= MOST_KEPT:
        return incident
    return replace(
        incident,
        parties=_least(incident.parties, MOST_PARTIES_KEPT),
        evidence=frozenset(sorted(incident.evidence)[:MOST_KEPT]),
        addresses=frozenset(sorted(incident.addresses)[:MOST_KEPT]),
        first_told=_least(incident.first_told, MOST_KEPT),
        overfull=True,
    )
