"""A line of the ledger in the reader's language: who, did what, about whom, why. Files have it in English."""

import re
from typing import get_args

from msgspec import Struct

from chalicelib.domain.approval import AND
from chalicelib.domain.desk.attention import Cause
from chalicelib.domain.desk.permissions import Role
from chalicelib.domain.ledger.noted import is_of_person
from chalicelib.domain.ledger.what import REASONS, What
from chalicelib.domain.ledger.who import key_of, people_of
from chalicelib.domain.notifications.pause import PauseOf
from chalicelib.insight.ledger.line import Line
from chalicelib.web.desk.visit import Visit
from chalicelib.web.desk.wording import Worded, reason_given, scope, worded

_INCIDENT, _PERSON = "incident ", "person "
_AS = "as "
_ROLES = frozenset(Role)
_WHOLE = {"the ledger": "ledger", "everything": "everything"}
_KNOWN = frozenset(What)
_SCOPES, _CAUSES = frozenset(get_args(PauseOf)) - {"incident"}, frozenset(Cause)
_OF_CAUSE = frozenset({"first", "second", "now"})
_DAYS = re.compile(r"(\d{4}-\d\d-\d\d) to (\d{4}-\d\d-\d\d)")


class Said(Struct, frozen=True, kw_only=True):
    """The parts of a line as a sentence; `who` and `about` lead to all of the same."""

    line: Line
    did: str
    about: str
    why: Worded | None
    person: str
    leads: bool


def said(visit: Visit, line: Line) -> Said:
    """Return a line in the reader's language; a word of a later release stays as it is."""
    return Said(
        line=line,
        did=_did(visit, line),
        about=about_words(visit, line.about) + (f" ({line.count:,})" if line.count else ""),
        why=_why(visit, line),
        person=key_of(people_of(line.author)[0]) if AND not in line.author else "",
        leads=line.about.startswith(_INCIDENT) or is_of_person(line.about),
    )


def reason_words(visit: Visit, reason: str) -> str:
    """Return a reason of the list in the reader's language, given as its name or in English; others stay."""
    return visit.say(f"why.{reason}") if reason in REASONS else reason_given(visit, reason).words


def about_words(visit: Visit, about: str) -> str:
    """Return what a line is about in the reader's language."""
    if about.startswith(_AS):
        return _as_roles(visit, about)
    told = worded(visit, about)
    if told.words != about:
        return told.words
    for begins, name in ((_INCIDENT, "incident"), (_PERSON, "person")):
        if about.startswith(begins):
            return visit.say(f"ledger.about_{name}", which=about.removeprefix(begins))
    whole = _WHOLE.get(about)
    return visit.say(f"ledger.about_{whole}") if whole else _of_kind(visit, about)


def _of_kind(visit: Visit, about: str) -> str:
    """Return what begins with a word of a list: the extent of a pause, a cause that waits, the days of a purge."""
    head, _, rest = about.partition(" ")
    if visit.language == "en":
        return about
    if head in _SCOPES and rest:
        return scope(visit, head, rest)
    if head in _CAUSES and rest:
        return f"{visit.say(f'cause.{head}')}: {visit.say(f'ledger.cause_{rest}') if rest in _OF_CAUSE else rest}"
    days = _DAYS.fullmatch(about)
    return visit.say("ledger.about_days", first=days[1], last=days[2]) if days else about


def _as_roles(visit: Visit, about: str) -> str:
    """Return the roles with which somebody signed in; a role of another release stays as it is."""
    roles = about.removeprefix(_AS).split(", ")
    words = (visit.say(f"role.{one}") if one in _ROLES else one for one in roles)
    return visit.say("ledger.about_roles", roles=", ".join(words))


def _why(visit: Visit, line: Line) -> Worded | None:
    """Return why, with the number of a request; what somebody wrote themselves is in their language."""
    declined = worded(visit, line.reason)
    told = declined if declined.words != line.reason else reason_given(visit, line.reason)
    if not line.ticket:
        return told if line.reason else None
    return Worded(", ".join(filter(None, (told.words, line.ticket))), told.language if line.reason else visit.language)


def what_words(visit: Visit, what: str) -> str:
    """Return what somebody did, as people read it."""
    return visit.say(f"did.{what}") if what in _KNOWN else what


def _did(visit: Visit, line: Line) -> str:
    did = what_words(visit, line.what)
    return visit.say(f"ledger.step_{line.step}", did=did) if line.step else did
