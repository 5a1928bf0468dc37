"""A line of the ledger in the reader's language: who, did what, about whom, why. Files have it in English."""

from msgspec import Struct

from chalicelib.domain.approval import AND
from chalicelib.domain.ledger.noted import is_of_person
from chalicelib.domain.ledger.what import REASONS, What
from chalicelib.domain.ledger.who import key_of, people_of
from chalicelib.insight.ledger.line import Line
from chalicelib.web.desk.visit import Visit

_INCIDENT, _PERSON = "incident ", "person "
_WHOLE = {"the ledger": "ledger", "everything": "everything"}
_CODES = {words: code for code, words in REASONS.items()}
_KNOWN = frozenset(What)


class Said(Struct, frozen=True, kw_only=True):
    """The parts of a line as a sentence; `who` and `about` lead to all of the same."""

    line: Line
    did: str
    about: str
    why: str
    person: str
    leads: bool


def said(visit: Visit, line: Line) -> Said:
    """Return a line in the reader's language; a word of a later release stays as it is."""
    return Said(
        line=line,
        did=_did(visit, line),
        about=about_words(visit, line.about) + (f" ({line.count:,})" if line.count else ""),
        why=", ".join(filter(None, (reason_words(visit, line.reason), line.ticket))),
        person=key_of(people_of(line.author)[0]) if AND not in line.author else "",
        leads=line.about.startswith(_INCIDENT) or is_of_person(line.about),
    )


def reason_words(visit: Visit, reason: str) -> str:
    """Return a reason of the list in the reader's language, given as its name or in English; others stay."""
    code = reason if reason in REASONS else _CODES.get(reason)
    return visit.say(f"why.{code}") if code else reason


def about_words(visit: Visit, about: str) -> str:
    """Return what a line is about in the reader's language."""
    for begins, name in ((_INCIDENT, "incident"), (_PERSON, "person")):
        if about.startswith(begins):
            return visit.say(f"ledger.about_{name}", which=about.removeprefix(begins))
    whole = _WHOLE.get(about)
    return visit.say(f"ledger.about_{whole}") if whole else about


def what_words(visit: Visit, what: str) -> str:
    """Return what somebody did, as people read it."""
    return visit.say(f"did.{what}") if what in _KNOWN else what


def _did(visit: Visit, line: Line) -> str:
    did = what_words(visit, line.what)
    return visit.say(f"ledger.step_{line.step}", did=did) if line.step else did
