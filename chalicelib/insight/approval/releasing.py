"""Release what the safety rules hold back: two people do it, but for a mass call, which one person lets go at once."""

from collections.abc import Sized
from datetime import datetime
from typing import cast, get_args

from msgspec.structs import replace

from chalicelib.domain.approval import Act, Author, Proposal, both, person_behind
from chalicelib.domain.incidents.release import Releasable, Release
from chalicelib.domain.names import IncidentKey
from chalicelib.flow.incidents.release import ChangedSince, held_state, lifted_by, release_hold
from chalicelib.insight.approval.deed import taken
from chalicelib.insight.approval.ledger import propose
from chalicelib.insight.records.subject import find_incident
from chalicelib.wiring import Aws

MASS_CALL: Releasable = "mass_call"
"""Many people reported one thing: the hold protects nobody from a text, it waits for a person to look."""

HELD_AS = {
    "sensitive": "is held as sensitive",
    "juvenile": "is held because of a juvenile",
    "do_not_contact": "is held because nobody on it may be contacted",
    "unsafe": "holds back a person whom it is not safe to contact",
}
"""What a hold does to a call, behind its number."""


class Unfit(ValueError):
    """The request can't be carried out as it stands; the text says why."""


def release(
    aws: Aws, key: IncidentKey, what: str, party: str, who: Author, reason: str, at: datetime, of: str | None = None
) -> Proposal | None:
    """Propose to let go, for one incident, of a hold by the safety rules; a mass call is let go at once.

    `of` is the digest of what was shown to whoever asks: where more came since, it is ChangedSince.
    Unfit, Unidentified, LookupError, Conflict, Busy.
    """
    if what not in get_args(Releasable):
        raise Unfit(f"a release is of one of these: {', '.join(get_args(Releasable))}")
    if (what == "unsafe") != bool(party):
        raise Unfit("a party is named where somebody unsafe is released, and only there")
    who = replace(who, by=person_behind(who.by))
    words = {"incident": key.incident_number, "what": what, "party": party, "reason": reason}
    act = Act(agency_id=key.agency_id, what="release", words=words, of="", ends=())
    if what == MASS_CALL:
        release_hold(key, _release(act, who.written, at), aws, at, of=of)
        return None
    act = _now(aws, act, at)
    if of not in (None, act.of):
        raise ChangedSince(f"{key.incident_number}: something was told of it since")
    return propose(aws, Proposal(act=act, by=who.by, at=at, reason=reason, name=who.name))


def release_named(
    aws: Aws, agency_id: str, name: str, what: str, party: str, who: Author, reason: str, at: datetime
) -> Proposal | None:
    """Release as `release` does, for the incident that bears a name; Unclear where several do."""
    agency = aws.settings.agency(agency_id)
    found = find_incident(aws, agency, name) if agency else None
    return release(aws, found or IncidentKey(agency_id, name), what, party, who, reason, at)


def ended_by(aws: Aws, key: IncidentKey, what: str, party: str) -> tuple[str, ...]:
    """Return what a release ends for an incident's people, one sentence each."""
    lifted = lifted_by(aws.incidents.load(key).incident, what, party)
    held = f"{key.incident_number} {HELD_AS[what]}; its people may be texted about it then" if what in HELD_AS else ""
    silences = f"its silence of {_addresses(lifted.silenced)}; other incidents may keep them silent"
    unsafe = f"the word that it is not safe to contact {_addresses(lifted.unsafe)}, on whichever incident"
    found = ((held, held), (lifted.silenced, silences), (lifted.unsafe, unsafe))
    return tuple(line for something, line in found if something)


def _addresses(found: Sized) -> str:
    return "1 phone or email" if len(found) == 1 else f"{len(found)} phones and emails"


class Releasing:
    """Let go of a hold by the safety rules."""

    def words(self, _aws: Aws, act: Act) -> str:
        """Return which hold, and of which incident."""
        whose = f" (party {act.words['party']})" if act.words["party"] else ""
        return f"release {act.words['what']} of {act.words['incident']}{whose}: {act.words['reason']}"

    def present(self, aws: Aws, act: Act, _address: str, at: datetime) -> Act:
        """Return the act on the incident as it stands now: a new word about its nature makes it another act."""
        return _now(aws, act, at)

    def do(self, aws: Aws, proposal: Proposal, second: Author, _address: str, at: datetime) -> str:
        """Release it, with the entries in the same transaction."""
        act, given = proposal.act, _release(proposal.act, both(proposal.author.written, second.written), at)
        release_hold(_key(act), given, aws, at, taken(proposal, second, at), act.of)
        return f"released: {act.words['what']} of {act.words['incident']}"


def _now(aws: Aws, act: Act, at: datetime) -> Act:
    key, words = _key(act), act.words
    state = held_state(key, _release(act, "", at), aws)
    return replace(act, of=state, ends=ended_by(aws, key, words["what"], words["party"]))


def _key(act: Act) -> IncidentKey:
    return IncidentKey(act.agency_id, act.words["incident"])


def _release(act: Act, author: str, at: datetime) -> Release:
    what = cast("Releasable", act.words["what"])
    return Release(what=what, party_id=act.words["party"], author=author, reason=act.words["reason"], at=at)
