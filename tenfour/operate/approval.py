"""Acts that take two people, as they are shown and proposed on the terminal."""

from datetime import tzinfo

from chalicelib.domain.approval import WAITS_FOR, Entry, Proposal, digest
from chalicelib.domain.ledger.noted import called_by
from chalicelib.insight.approval.ledger import HOURS
from tenfour.common.screen import say

NAME = 12
"""So many digits of a digest are shown: few wait at a time."""


def name_of(proposal: Proposal) -> str:
    """Return what a proposal is called on the command line."""
    return digest(proposal.act)[:NAME]


def tell_that_it_waits(proposal: Proposal, more: str = "") -> None:
    """Print what an act ends, and that it waits; `more` is what the second person's command has besides the name."""
    for line in proposal.act.ends:
        say(f"this ends: {line}")
    say(f"nothing is done yet: it takes two people. Within {HOURS} hours, somebody else runs")
    say(f"    tenfour approve {name_of(proposal)}{more}")


def in_words(proposal: Proposal, words: str, zone: tzinfo) -> str:
    """Return a proposal as the second person reads it."""
    until = f"{(proposal.at + WAITS_FOR).astimezone(zone):%Y-%m-%d %H:%M}"
    first = f"{name_of(proposal)}  {words}"
    by = f"proposed by {called_by(proposal.by, proposal.name)}, waits until {until}"
    return "\n    ".join((first, by, *(f"this ends: {line}" for line in proposal.act.ends)))


def that_it_broke_off(approval: Entry, zone: tzinfo) -> str:
    """Return an act that was approved and stopped in between, and what to do."""
    act, at = approval.act, f"{approval.at.astimezone(zone):%Y-%m-%d %H:%M}"
    by = f"approved by {called_by(approval.by, approval.name)} at {at}, and nobody knows if all of it was done"
    return f"{approval.digest[:NAME]}  {act.what} broke off: {by}\n    propose it again: what is done does no harm"


def for_programs(proposal: Proposal, words: str) -> dict[str, object]:
    """Return a proposal for programs."""
    until = proposal.at + WAITS_FOR
    return {
        "digest": digest(proposal.act),
        "what": proposal.act.what,
        "words": words,
        "ends": proposal.act.ends,
        "by": proposal.by,
        "at": proposal.at.isoformat(),
        "until": until.isoformat(),
        "reason": proposal.reason,
    }
