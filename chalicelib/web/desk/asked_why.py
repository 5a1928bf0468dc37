"""Why somebody looks or acts: a reason of a short list, and a number where the reason stands somewhere else too."""

from collections.abc import Mapping

from msgspec import Struct

from chalicelib.domain.ledger.noted import clean_ticket
from chalicelib.domain.ledger.what import NEED_TICKET, REASONS, Why
from chalicelib.web.desk.visit import Visit

LOOKS = (
    *(Why.PERSON_ASKS, Why.COMPLAINT, Why.WRONG_TEXT, Why.DANGER, Why.RECORDS_REQUEST, Why.COURT),
    *(Why.INVESTIGATION, Why.QUALITY, Why.OTHER),
)
"""Reasons for a look at a person or an act on one, the most usual first."""

RELEASES = (Why.DECIDED, Why.PERSON_ASKS, Why.WRONG_TEXT, Why.DANGER, Why.OUTAGE, Why.COMPLAINT, Why.COURT, Why.OTHER)
"""Reasons for letting texts go that were held."""

LONGEST_TICKET = 40


class Reason(Struct, frozen=True, kw_only=True):
    """A reason as somebody gave it; `problem` says what is missing, in words, or is "".

    `field` is the one that the problem is about.
    """

    why: str = ""
    ticket: str = ""
    problem: str = ""
    field: str = ""

    @property
    def text(self) -> str:
        """Return the reason as an incident keeps it."""
        return ", ".join(filter(None, (REASONS.get(self.why, ""), self.ticket)))


NONE_YET = Reason()
DECIDED = Reason(why=Why.DECIDED)
"""The usual reason for a release: at 2 am it is one choice less."""


def read_reason(
    visit: Visit, given: Mapping[str, str], offered: tuple[Why, ...] = LOOKS, *, asked: bool = True
) -> Reason:
    """Read a reason from a form or an address. Where none is `asked`, one may be left out."""
    why, typed = given.get("why", ""), " ".join(given.get("ticket", "").split())
    ticket = clean_ticket(typed)
    known = why if why in offered else ""
    if asked and not known:
        return Reason(ticket=ticket, problem=visit.say("why.missing"), field="why")
    if typed and not ticket:
        return Reason(why=known, problem=visit.say("why.bad_ticket"), field="ticket")
    if known in NEED_TICKET and not ticket:
        return Reason(why=known, problem=visit.say("why.no_ticket"), field="ticket")
    return Reason(why=known, ticket=ticket)


def why_shown(reason: Reason = NONE_YET, offered: tuple[Why, ...] = LOOKS) -> dict[str, object]:
    """Return what the form's part about a reason is filled with."""
    return {"reasons": offered, "reason": reason, "longest_ticket": LONGEST_TICKET}
