"""What can be done for a person, by what stands and by what somebody may do; and what waits, in words."""

from typing import TYPE_CHECKING

from msgspec import Struct

from chalicelib.domain.desk.permissions import Permission
from chalicelib.web.desk.visit import Visit

if TYPE_CHECKING:
    from chalicelib.domain.approval import Proposal
    from chalicelib.insight.people.whole import Whole

_P = Permission


class Deed(Struct, frozen=True, kw_only=True):
    """One act on a person: its permission, and whether it takes two people. A brake needs no reason and no ledger."""

    permission: Permission
    two: bool = False
    brake: bool = False


DEEDS = {
    "reveal": Deed(permission=_P.PERSON_REVEAL),
    "opt-out": Deed(permission=_P.PERSON_OPT_OUT, brake=True),
    "opt-in": Deed(permission=_P.PERSON_OPT_OUT, two=True),
    "silence": Deed(permission=_P.SILENCE, brake=True),
    "unsilence": Deed(permission=_P.SILENCE, two=True),
    "hold": Deed(permission=_P.PERSON_HOLD),
    "lift": Deed(permission=_P.PERSON_HOLD, two=True),
    "export": Deed(permission=_P.PERSON_EXPORT),
    "protect": Deed(permission=_P.PERSON_PROTECT, brake=True),
    "unprotect": Deed(permission=_P.PERSON_PROTECT, two=True),
    "erase": Deed(permission=_P.PERSON_ERASE, two=True),
}
"""Every act on a person, by the last word of its address, in the order in which the page offers them."""


def offered(visit: Visit, whole: "Whole") -> tuple[tuple[str, str], ...]:
    """Return the acts that somebody may do and that have something to do, each with its words."""
    contact = whole.kept.contact
    fits = {
        "reveal": not whole.revealed,
        "opt-in": bool(contact.opted_out or contact.bounced),
        "unsilence": whole.kept.by_hand is not None,
        "lift": whole.hold is not None,
        "protect": whole.protection is None,
        "unprotect": whole.protection is not None,
        "erase": whole.hold is None,
    }
    names = (name for name, deed in DEEDS.items() if deed.permission in visit.may and fits.get(name, True))
    return tuple((name, act_words(visit, name)) for name in names)


def act_words(visit: Visit, name: str, says: str = "") -> str:
    """Return what an act is called, or with `says` what it will do."""
    return visit.say(f"person.act_{_word(name)}{says}")


def press_words(visit: Visit, name: str) -> str:
    """Return the words on an act's button."""
    return visit.say("person.propose" if DEEDS[name].two else f"person.press_{_word(name)}")


def deed_words(visit: Visit, proposal: "Proposal") -> str:
    """Return what waits for a second person."""
    name = proposal.act.what.replace("_", "-")
    return act_words(visit, name) if name in DEEDS else proposal.act.what


def _word(name: str) -> str:
    return name.replace("-", "_")
