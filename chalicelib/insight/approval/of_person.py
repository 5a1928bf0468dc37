"""Acts about one person that widen what is sent, kept no longer or seen by less: each takes two people.

Opting in again is the person's own wish, by a signed form that two people enter. Silences that incidents began end by
the release of those incidents; here ends only one that somebody put by hand.
"""

import hashlib
from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from chalicelib.domain.approval import Act, Author, Proposal, both
from chalicelib.domain.people.consent import Reference
from chalicelib.insight.approval.deed import with_intent
from chalicelib.insight.approval.ledger import propose
from chalicelib.insight.people.behind import person_behind
from chalicelib.insight.records.hold import begin_to_lift, end_lifting, hold_person
from chalicelib.wiring import Aws


class NothingToEnd(LookupError):
    """What the act would end does not stand any more."""


class _Kind(Struct, frozen=True):
    """The words of one kind of act: what it does, and what it ends."""

    does: str
    ends: str


KINDS: Mapping[str, _Kind] = {
    "opt_in": _Kind(
        "write to {person} again, as their signed form {form} of {dated} asks",
        "that nothing is sent to them, which they or somebody for them asked for",
    ),
    "unsilence": _Kind(
        "end the silence of {person} that was put by hand",
        "that nobody writes to them; silences of calls and an unsafe word stay",
    ),
    "lift": _Kind("lift the legal hold on {person}", "that nothing of them expires or is erased"),
    "unprotect": _Kind(
        "take {person} off the list of those whom the auditor watches over",
        "that each look at them tells the auditor",
    ),
}


def propose_of_person(
    aws: Aws, act: Act, who: Author, reason: str, at: datetime, seen: str | None = None
) -> Proposal | None:
    """Propose an act; None where what it ends is not what was `seen`, as `as_seen` says it.

    NothingToEnd, Unidentified, Conflict.
    """
    now = _now(aws, act, at)
    if seen not in (None, as_seen(now.of)):
        return None
    return propose(aws, Proposal(act=now, by=who.by, at=at, reason=reason, name=who.name))


def act_of_person(agency_id: str, what: str, person: Reference, reason: str, **words: str) -> Act:
    """Return an act, before it is known what it would end."""
    told = {"person": person.keyed_hash, "reason": reason, **words}
    return Act(agency_id=agency_id, what=what, words=told, of="", ends=(KINDS[what].ends,))


def state_of(aws: Aws, agency_id: str, what: str, person: Reference, at: datetime) -> str:
    """Return what an act would end, as it stands; "" where there is nothing to end."""
    if what == "lift":
        hold = aws.settings.holds(agency_id).get(person.keyed_hash)
        return hold.at.isoformat() if hold else ""
    if what == "unprotect":
        there = aws.contacts.protected.find(agency_id, person)
        return there.at.isoformat() if there else ""
    kept = aws.contacts.kept(agency_id, person, at.date(), at)
    if what == "unsilence":
        return kept.by_hand.until.isoformat() if kept.by_hand else ""
    contact = kept.contact
    return f"{contact.opted_out} {contact.consent_at}" if contact.opted_out or contact.bounced else ""


def as_seen(state: str) -> str:
    """Return a state as a form carries it: whoever opens the form has not looked at the person, so it tells nothing."""
    return hashlib.sha256(state.encode()).hexdigest()[:16]


class OfPerson:
    """One of these acts; all are done alike."""

    def words(self, _aws: Aws, act: Act) -> str:
        """Return what is done, and to whom by the hash that the ledger has too."""
        named = {**act.words, "person": f"person {act.words['person'][:12]}"}
        return f"{KINDS[act.what].does.format_map(named)}: {act.words['reason']}"

    def present(self, aws: Aws, act: Act, _address: str, at: datetime) -> Act:
        """Return the act as it would be done now; NothingToEnd."""
        return _now(aws, act, at)

    def do(self, aws: Aws, proposal: Proposal, second: Author, _address: str, at: datetime) -> str:
        """Write the approval, do it, and write what became of it."""
        by = both(proposal.author.written, second.written)
        with_intent(aws, proposal, second, at, lambda: _do(aws, proposal, by, at))
        return f"done: {self.words(aws, proposal.act)}"


def _do(aws: Aws, proposal: Proposal, by: str, at: datetime) -> None:
    act, agency_id = proposal.act, proposal.act.agency_id
    person = Reference(act.words["person"])
    match act.what:
        case "opt_in":
            said = f"signed form {act.words['form']} of {act.words['dated']}"
            aws.contacts.opt_in(agency_id, person, at, said, "command", by)
        case "unsilence":
            aws.contacts.unsilence_person(agency_id, person, at)
        case "unprotect":
            aws.contacts.protected.remove(agency_id, person)
        case "lift":
            _lift(aws, agency_id, person, at)


def _lift(aws: Aws, agency_id: str, person: Reference, at: datetime) -> None:
    agency = aws.settings.agency(agency_id)
    if agency is None:
        raise LookupError(agency_id)
    known = person_behind(aws, agency, person)
    if known is None:  # no call that is kept knows them, so the entry of the hold is all that there is
        begin_to_lift(aws, agency_id, person.keyed_hash, at)
        end_lifting(aws, agency_id, person.keyed_hash)
    else:
        hold_person(aws, known, None, at)


def _now(aws: Aws, act: Act, at: datetime) -> Act:
    state = state_of(aws, act.agency_id, act.what, Reference(act.words["person"]), at)
    if not state:
        raise NothingToEnd(f"there is nothing to end any more: {KINDS[act.what].ends}")
    return replace(act, of=state)
