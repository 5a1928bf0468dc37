"""Settings that somebody proposed at a terminal, as a reviewer at the desk reads them: like a draft, and their words.

What the ledger holds are values, and the digest of the text where that is known. A look reads the values, so that it
tells what is published. An approval is that of `tenfour approve`: of the same digest, by the same function.
"""

from datetime import datetime

from msgspec import Struct

from chalicelib.aws.stores.settings_version import JudgementsLost
from chalicelib.domain.approval import Proposal, digest
from chalicelib.domain.desk.to_decide import DRAFT
from chalicelib.domain.ledger.addresses import without
from chalicelib.domain.settings.agency import Agency
from chalicelib.domain.settings.source import text_digest
from chalicelib.insight.approval.ledger import what_waits
from chalicelib.insight.drafts.look import Look, beside
from chalicelib.insight.drafts.write import in_force
from chalicelib.insight.settings.check_text import check_text
from chalicelib.insight.settings.written import as_toml
from chalicelib.wiring import Aws


class AtTerminal(Struct, frozen=True, kw_only=True):
    """A proposal of settings: `id` is its whole digest, and `text` the digest of the TOML that says what it says.

    `comment` is shown on pages and in their titles, so it has no phone and no email.
    """

    proposal: Proposal
    id: str
    text: str
    comment: str
    says: str
    settings: Agency
    ended: bool = False

    @property
    def over(self) -> int:
        """Return the version over which it was proposed."""
        return int(self.proposal.act.of)


def at_terminal(aws: Aws, agency_id: str, at: datetime) -> tuple[Proposal, ...]:
    """Return what somebody proposed at a terminal and waits, the oldest first; NoLedger."""
    return tuple(one for one in what_waits(aws, agency_id, at) if is_at_terminal(one))


def is_at_terminal(one: Proposal) -> bool:
    """Tell whether a proposal is of settings, and of no draft."""
    return one.act.what == "publish" and not one.act.words.get(DRAFT)


def find(aws: Aws, agency_id: str, name: str, at: datetime) -> AtTerminal | None:
    """Return what waits under a whole digest, or None, also where its judgements are not stored any more; NoLedger."""
    one = next((one for one in at_terminal(aws, agency_id, at) if digest(one.act) == name), None)
    if one is None:
        return None
    try:
        settings = aws.settings.proposed(agency_id, one.act.words)
    except JudgementsLost:  # `tenfour approve` says which they are; nothing can be approved of it here either
        return None
    says = aws.settings.source_named(agency_id, one.act.words.get("source", "")) or as_toml(settings)
    comment = without(one.act.words["comment"])
    return AtTerminal(proposal=one, id=name, text=text_digest(says), comment=comment, says=says, settings=settings)


def look_at(aws: Aws, one: AtTerminal) -> Look:
    """Return what was proposed beside what is published at this moment; Gone."""
    present = in_force(aws, one.settings.agency_id)
    return beside(aws, present, one.says, check_text(one.says, present), one.settings)
