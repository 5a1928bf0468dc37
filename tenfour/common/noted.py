"""Acts at the terminal, each with its entry in the ledger that the desk writes too."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from chalicelib.domain.ledger.noted import Noted, clean_ticket, person
from chalicelib.domain.ledger.what import What, Why
from chalicelib.domain.settings.agency import Agency
from chalicelib.flow.ledger.act import act_noted
from chalicelib.insight.people.contact import NoAddress
from chalicelib.insight.records.subject import find_person
from chalicelib.ports.errors import NotNoted
from chalicelib.wiring import Aws
from tenfour.common.reached import asked
from tenfour.common.screen import say
from tenfour.common.terminal import refuse

T = TypeVar("T")


def noted(
    aws: Aws,
    agency_id: str,
    what: What,
    about: str,
    by: str,
    at: datetime,
    act: Callable[[], T],
    reason: str = "",
    count: int = 0,
) -> T:
    """Do an act with its entry, in the order that its kind demands, and return what it returned; NotNoted.

    A reason that is no ticket stays out of the entry: people write names into reasons.
    """

    def entry() -> Noted:
        why, ticket = Why.BY_COMMAND, clean_ticket(reason)
        return Noted(at=at, agency_id=agency_id, by=by, what=what, about=about, reason=why, ticket=ticket, count=count)

    def note(*made: Noted) -> None:
        aws.ledger.note(*made)  # looked up only here: a brake works on a stack that has no ledger

    return act_noted(what, entry, act, note, _unnoted)


def note_after(aws: Aws, agency_id: str, what: What, about: str, by: str, at: datetime, count: int = 0) -> None:
    """Note what is done already, since it may not wait, such as a look at danger; say so where that can't be."""
    made = Noted(at=at, agency_id=agency_id, by=by, what=what, about=about, reason=Why.BY_COMMAND, count=count)
    try:
        aws.ledger.note(made)
    except NotNoted as problem:
        _unnoted(problem)


def about_person(aws: Aws, agency: Agency, address: str) -> str:
    """Return what an entry calls the person of an address, or refuse."""
    found = asked(lambda: find_person(aws, agency, address))
    if found is None:
        refuse(NoAddress("neither a phone that can be texted nor an email"))
    return person(found.keyed_hash)


def _unnoted(problem: Exception) -> None:
    say(f"this is done, and the ledger did not take it: {problem}", errors=True)
