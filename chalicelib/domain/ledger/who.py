"""Name the person who did something, as the ledger has it: by their sign-in, never by a phone or an email. Pure."""

import hashlib
import re
from urllib.parse import quote, unquote, urlsplit

from msgspec import Struct

from chalicelib.domain.approval import AND, shown
from chalicelib.domain.ledger.addresses import has_address, without

DESK = "desk:"
_HASHED = "~"
_LETTERS = str.maketrans("0123456789", "ghijklmnop")
"""A digest in letters alone: ten digits of one would look like a phone again."""

_LONGEST = 120
_BEHIND = re.compile(r" \(desk:[^\s()]+\)")


def by_desk(issuer: str, subject: str) -> str:
    """Return the name of somebody who signed in: the issuer's host, and what it calls them."""
    host = urlsplit(issuer).hostname or quote(issuer, safe="")
    return f"{DESK}{host}:{_part(subject)}"


def clean_by(by: str) -> str:
    """Return a name that was made elsewhere, without a phone or email in it; a clean one stays as it is."""
    if AND in by:
        return AND.join(map(clean_by, by.split(AND)))
    if by.startswith(DESK):
        head, _, subject = by.rpartition(":")
        return f"{head}:{_part(unquote(subject))}" if _is_raw(subject) else by
    if by.startswith("arn:"):
        head, slash, name = by.rpartition("/")
        return f"{head}{slash}{_part(name)}" if _is_raw(name) else by
    return " ".join(without(by).split())


def clean_name(name: str) -> str:
    """Return how a person is called at their provider, in one line; empty where it is a phone or email."""
    plain = " ".join(re.sub(r"[^\w .,'\u2019()-]", " ", name).split())[:_LONGEST].strip()
    return "" if has_address(name) or has_address(plain) else plain


def key_of(by: str) -> str:
    """Return what leads to all that a person did: it is no name, so that it may stand in an address."""
    return hashlib.sha256(clean_by(by).encode()).hexdigest()[:32]


def people_of(by: str) -> tuple[str, ...]:
    """Return the people whom a name stands for: an act that takes two has both."""
    return tuple(map(clean_by, by.split(AND)))


def shown_by(by: str) -> str:
    """Return a name as people read it."""
    return AND.join(map(_shown, by.split(AND)))


def by_as_shown(text: str, caller: str) -> str:
    """Return the name that was shown as a text, to a caller of AWS's; a name as it is stored stays."""
    if text.endswith(")") and " (" in text:
        text = text.rpartition(" (")[2][:-1]  # behind how somebody is called stands the name of their sign-in
    if text.startswith(("user/", "role/")):
        account = ":".join(caller.split(":")[:5]).replace(":sts:", ":iam:")
        return f"{account}:{text}"
    subject, at, host = text.rpartition(" at ")
    return f"{DESK}{host}:{_part(subject)}" if at else text


def spoken(author: str) -> str:
    """Return who did something as people call them: without what their provider says, where they have a name."""
    return shown_by(_BEHIND.sub("", author))


class Shown(Struct, frozen=True):
    """Who did something: the name that people know, and by which sign-in, as far as either is known."""

    name: str
    sign_in: str


def apart(who: str) -> tuple[Shown, ...]:
    """Return the people whom a text names as entries, sessions and settings write it: each name, and its sign-in."""
    return tuple(map(_apart, who.split(AND)))


def _apart(who: str) -> Shown:
    name, _, sign_in = who.rpartition(" (")
    if name and sign_in.endswith(")"):
        return Shown(name, _as_sign_in(sign_in[:-1]))
    is_name = not (who.startswith((DESK, "arn:", "user/", "role/")) or " at " in who)
    return Shown(who, "") if is_name else Shown("", _as_sign_in(who))


def _as_sign_in(by: str) -> str:
    """Return the name of a sign-in in no language: the subject, and the issuer behind it."""
    return " · ".join(filter(None, _shown(by).rpartition(" at ")[::2]))


def _shown(by: str) -> str:
    if not by.startswith(DESK):
        return unquote(shown(by))
    host, _, subject = by.removeprefix(DESK).rpartition(":")
    return f"{unquote(subject)} at {host}"


def _is_raw(part: str) -> bool:
    return "@" in part or has_address(part)


def _part(text: str) -> str:
    """Return a part of a name without the marks of an address; a phone becomes a digest, always the same one."""
    written = quote(text, safe="+=,.~|")
    if has_address(written) or has_address(text.replace("@", "%40")) or len(written) > _LONGEST:
        return _HASHED + hashlib.sha256(text.encode()).hexdigest()[:16].translate(_LETTERS)
    return written
