"""Erase a person: the ledger names them by a keyed hash alone, so the second person gives the address once more."""

from datetime import datetime

from chalicelib.domain.approval import Act, Author, Proposal, both
from chalicelib.insight.approval.deed import with_intent
from chalicelib.insight.approval.ledger import propose
from chalicelib.insight.records import on_request
from chalicelib.insight.records.person import refuse_to_erase
from chalicelib.insight.records.request import Request
from chalicelib.insight.records.subject import Person, Unclear, find_person
from chalicelib.wiring import Aws

AND_THEN = "If dispatch sends it again, it is kept again. Backups forget within 35 days."
ENDS = "all that is kept of them, for good: their address, replies and answers; that they are not written to stays"


def propose_erasure(aws: Aws, person: Person, who: Author, reason: str, at: datetime) -> Proposal:
    """Propose to erase a person; UnderHold, TooSoon."""
    refuse_to_erase(aws, person, at)
    words = {"person": person.keyed_hash, "reason": reason}
    act = Act(agency_id=person.agency.agency_id, what="erase", words=words, of=person.keyed_hash, ends=(ENDS,))
    return propose(aws, Proposal(act=act, by=who.by, at=at, reason=reason, name=who.name))


class Erasing:
    """Erase all that is kept of one person."""

    def words(self, _aws: Aws, act: Act) -> str:
        """Return who, by the hash that the audit has too."""
        return f"erase person {act.words['person'][:12]}: {act.words['reason']}"

    def present(self, aws: Aws, act: Act, address: str, at: datetime) -> Act:
        """Return the act, if it is about this address and nothing keeps the person; Unclear, UnderHold, TooSoon."""
        refuse_to_erase(aws, _person(aws, act, address), at)
        return act

    def do(self, aws: Aws, proposal: Proposal, second: Author, address: str, at: datetime) -> str:
        """Write the approval, erase, and write what became of it: no transaction holds all that is erased."""
        act = proposal.act
        person = _person(aws, act, address)
        request = Request(at=at, author=both(proposal.by, second.by), reason=act.words["reason"])
        gone = with_intent(aws, proposal, second, at, lambda: on_request.erase(aws, person, request))
        counts = ", ".join(f"{count} {what}" for what, count in gone.items())
        return f"erased: {person.about}: {counts}\n{AND_THEN}"


def _person(aws: Aws, act: Act, address: str) -> Person:
    agency = aws.settings.agency(act.agency_id)
    found = find_person(aws, agency, address) if agency else None
    if found is None:
        raise Unclear("--address: give the phone or email that is to be erased; the ledger does not hold it")
    if found.keyed_hash != act.words["person"]:
        raise Unclear("--address: that is somebody else than the person of this proposal")
    return found
