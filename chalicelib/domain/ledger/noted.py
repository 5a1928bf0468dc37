"""One entry of the ledger of looks and acts: who did what, when, from which session and why. Pure.

No phone and no email gets into an entry: `Noted` refuses them in whatever is given. Persons stand in it under a keyed
pseudonym, incidents by their number.
"""

import re
from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct
from msgspec.structs import force_setattr

from chalicelib.domain.ledger.addresses import has_address, is_of_an_address, without
from chalicelib.domain.ledger.what import NEED_ABOUT, NEED_REASON, NEED_TICKET, REASONS, WORDS
from chalicelib.domain.ledger.who import clean_by, clean_name, shown_by

_TICKET = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9 ./#:_-]{0,38}[A-Za-z0-9])?")
_SESSION = re.compile(r"(?:[0-9a-f]{12})?")
_KEYED = re.compile(r"[0-9a-f]{32,}")
_PSEUDONYMOUS = re.compile(r"person [0-9a-f]{12}")
_INCIDENT = "incident "
_PERSON = "person "
_SESSION_OF = "session "
_PSEUDONYM = 12
_LONGEST = 200


class Unnotable(ValueError):
    """The entry can't be kept like this; the text names the field."""


class Noted(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A look or an act; Unnotable where it holds a phone or an email.

    `by` names the person by their sign-in, and `name` is how their provider calls them. `what` and `reason` are words
    of closed lists; texts here, so that a release that knows fewer still reads the entry. `about` is made by the
    functions below. `count` is how many it was about. `failed` says that what was noted before was not done.
    """

    at: datetime
    agency_id: str
    by: str
    what: str
    about: str = ""
    reason: str = ""
    ticket: str = ""
    session: str = ""
    name: str = ""
    count: int = 0
    failed: bool = False

    def __post_init__(self) -> None:
        """Refuse what names a person by an address; the name of who did it is cleaned instead."""
        force_setattr(self, "by", clean_by(self.by))
        force_setattr(self, "name", clean_name(self.name))
        if self.at.tzinfo is None:
            raise Unnotable("at: without a time zone")
        for field, problem in (("about", _bad_about(self.about)), ("ticket", _bad_ticket(self.ticket))):
            if problem:
                raise Unnotable(f"{field}: {problem}")
        if not _SESSION.fullmatch(self.session):
            raise Unnotable("session: expected the short name of a session, 12 hex digits")
        for field in ("what", "reason", "agency_id"):
            if has_address(getattr(self, field)):
                raise Unnotable(f"{field}: holds a phone or an email")


def incident(number: str) -> str:
    """Return what an entry is about: an incident. A number that is written as a phone shows its last digits alone."""
    plain = _one_line(number) or "…"
    digits = "".join(each for each in plain if each.isdecimal())
    return f"{_INCIDENT}…{digits[-4:]}" if is_of_an_address(plain) else f"{_INCIDENT}{plain}"


def person(keyed_hash: str) -> str:
    """Return what an entry is about: a person, by the beginning of their keyed hash; Unnotable for what is none."""
    if not _KEYED.fullmatch(keyed_hash):
        raise Unnotable("about: a person is named by their keyed hash")
    return f"{_PERSON}{keyed_hash[:_PSEUDONYM]}"


def as_roles(roles: Sequence[str]) -> str:
    """Return what a sign-in is about: the roles that somebody had then, or nothing."""
    return f"as {', '.join(roles)}" if roles else ""


def session(pseudonym: str, name: str) -> str:
    """Return what an entry is about: somebody's session, by the short name that their sign-in was noted with."""
    return f"{_SESSION_OF}{pseudonym} of {clean_name(name) or 'somebody without a name'}"


def part(of: str, which: str) -> str:
    """Return what an entry is about: a pause of an incident, type, beat or kind; everything where it names none."""
    if of == "incident":
        return incident(which)
    return thing(of, which) if which else "everything"


def thing(kind: str, name: str) -> str:
    """Return what an entry is about: something that people name, such as a key, without phones and emails."""
    return _one_line(without(_one_line(f"{kind} {name}")))


def named(about: str) -> str:
    """Return what an entry is about: an incident's number, or a person as audits of records name them."""
    return about.partition(" (")[0] if about.startswith(_PERSON) else incident(about)


def can_be_about(about: str) -> bool:
    """Tell whether an entry can be about this: it is one line without a phone or an email."""
    return not _bad_about(about)


def is_of_person(about: str) -> bool:
    """Tell whether an entry is about a person."""
    return about.startswith(_PERSON)


def kind_of(about: str) -> str:
    """Return what kind of thing an entry is about, without saying which person or incident."""
    if about.startswith(_INCIDENT):
        return "an incident"
    if about.startswith(_SESSION_OF):
        return "somebody's session"
    return "a person" if about.startswith(_PERSON) else about


def check(noted: Noted) -> None:
    """Check an entry before it is kept: words of the lists, and a reason where one is owed; Unnotable."""
    if noted.what not in WORDS:
        raise Unnotable(f"what: {noted.what!r} is not on the list")
    if noted.reason and noted.reason not in REASONS:
        raise Unnotable(f"reason: {noted.reason!r} is not on the list")
    if noted.what in NEED_REASON and not noted.reason:
        raise Unnotable("reason: say why; it is kept")
    if noted.reason in NEED_TICKET and not noted.ticket:
        raise Unnotable(f"ticket: give the number of {REASONS[noted.reason]}")
    if noted.what in NEED_ABOUT and not noted.about:
        raise Unnotable(f"about: say what was {noted.what}")


def clean_ticket(text: str) -> str:
    """Return a text as a ticket, or empty where it is none: too long, or with a phone or email in it."""
    plain = " ".join(text.split())
    return "" if _bad_ticket(plain) else plain


def called(noted: Noted) -> str:
    """Return who did it: how they are called, and always the name of their sign-in, which nobody chooses."""
    return called_by(noted.by, noted.name)


def called_by(by: str, name: str) -> str:
    """Return who did something, from the name of their sign-in and how they are called, if that is known."""
    return f"{name} ({shown_by(by)})" if name else shown_by(by)


def sentence(noted: Noted) -> str:
    """Return an entry as a sentence, without its time."""
    did = WORDS.get(noted.what, f"did what a later release calls {noted.what!r}:")
    many = f" ({noted.count:,})" if noted.count else ""
    said = f"{called(noted)} {did} {noted.about}".rstrip() + many
    why = REASONS.get(noted.reason, noted.reason)
    because = ", ".join(filter(None, (why, noted.ticket)))
    failed = ", and it was not done" if noted.failed else ""
    return f"{said}{failed}{f': {because}' if because else ''}"


def _one_line(text: str) -> str:
    """Return a text in one line, without what nobody sees, and no longer than an entry may hold."""
    seen = "".join(each if each.isprintable() else " " for each in text)
    return " ".join(seen.split())[: _LONGEST - len(_INCIDENT)].rstrip()


def _bad_about(about: str) -> str:
    if len(about) > _LONGEST or about != " ".join(about.split()) or not about.isprintable():
        return f"expected one line of at most {_LONGEST} characters"
    if _PSEUDONYMOUS.fullmatch(about):
        return ""
    number = about.removeprefix(_INCIDENT)
    holds = is_of_an_address(number) if number != about else has_address(about)
    return "holds a phone or an email" if holds else ""


def _bad_ticket(ticket: str) -> str:
    if not ticket:
        return ""
    if has_address(ticket):
        return "looks like a phone or an email: write the request's own number, long ones with a dash"
    if not _TICKET.fullmatch(ticket):
        return "expected 1 to 40 letters, digits and . / # : _ -, such as 26-104"
    return ""
