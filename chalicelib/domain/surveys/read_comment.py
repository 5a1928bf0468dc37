"""Comments: find what a comment is about, and remove all that could lead to a person.

A comment is read sentence by sentence. Danger is known in every language; the rest is read in English, Spanish and
the language that the writer was asked in. For danger and misconduct, a doubtful word counts: a false alert costs only
a look.
"""

import re
import unicodedata
from collections.abc import Callable
from enum import StrEnum
from functools import cache

from msgspec import Struct

from chalicelib.domain.phrases import as_words, found, read_in, source, whole
from chalicelib.domain.phrases_table import AT_ONCE
from chalicelib.domain.said import sentences


class CommentKind(StrEnum):
    """The reason why somebody must see a comment, or its writer must hear something."""

    CONTACT = "contact"
    PRAISE = "praise"
    MISCONDUCT = "misconduct"
    DANGER = "danger"


class Comment(Struct, frozen=True):
    """A comment as it may be kept, and what it is about."""

    kinds: frozenset[CommentKind]
    scrubbed: str


_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")

_EMAIL = re.compile(
    r"[\w.+-]{1,64}(?:@| ?[\[(] ?at ?[\])] ?| at (?=[\w-]{1,60} ?(?: dot |[\[(]dot[\])])))"
    r"[\w-]{1,60}(?:(?:\.| dot | ?[\[(] ?dot ?[\])] ?)[\w-]{1,60}){1,4}",
    re.IGNORECASE,
)
_PHONE = re.compile(r"(?<![\w])\+?\(?\d(?:[ ().\u2010-\u2015/-]{0,3}\d){6,14}(?!\d)")
_WITH_A_DIGIT = r"(?=[A-Za-z]{0,7}\d)[A-Za-z0-9]{1,8}"
_PLATE_NAMED = re.compile(
    r"\b((?:plates?|tags?|placas?|matr[ií]culas?|patentes?|tablillas?)"
    r"(?: (?:was|is|no|num|number|n[uú]mero|es|era|de|del carro|reads?|said|starts? with|ends? with|"
    r"with)){0,3}[\s:#.]{1,3})"
    rf"(?:[A-Za-z]{{1,4}}[ -])?{_WITH_A_DIGIT}(?:[ -]{_WITH_A_DIGIT}){{0,2}}",
    re.IGNORECASE,
)
_PLATE = re.compile(
    r"\b(?!(?:THE|AND|FOR|APT|LOT|BOX|HWY|RTE|BLK|SGT|LT|CPL|OFC|DEP|JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC|"
    r"ENE|ABR|AGO|DIC|"
    r"MON|TUE|WED|THU|FRI|SAT|SUN|AGE|TOP|ALL|OUR|HIS|HER|WAS|HAS|HAD|NOT|BUT|GOT|GPS|CAD|DEL|LOS|LAS|UNA|CON|POR|MAS|"
    r"HAY|SON)[ -])"
    r"(?:[A-Z]{3}[ -]?\d{3,4}|\d{3}[ -][A-Z]{3}|\d[A-Z]{3}\d{3}|[A-Z]{2}[ -]?\d{4,5}|[A-Z]{2}\d{2}[ -]?[A-Z]{3}|"
    r"\d{2,3}[ -][A-Z]\d{2})\b"
)
_PLATE_TYPED = re.compile(r"\b(?:[a-z]{3}-?\d{3,4}|\d[a-z]{3}\d{3}|\d{3}-?[a-z]{3})\b")
_ORDINAL = re.compile(r"\d+(?:st|nd|rd|th|min|hrs?|pm|am|hour|sec|day)s?")
_CARD = re.compile(r"\d(?:[ -]?\d){15,}")
_DIGITS = re.compile(r"\d(?:[ -]?\d){5,}")


def judge(comment: str, language: str | None = None) -> Comment:
    """Return what a comment is about, and the comment scrubbed; the language is the one of the question, if known."""
    return Comment(_kinds(comment, read_in(language)), scrub(comment))


def scrub(text: str) -> str:
    """Return a comment without phones, emails, plates and long numbers; what stood there is named in its place."""
    seen = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text))
    seen = _EMAIL.sub("[email]", seen)
    seen = _CARD.sub("[number]", seen)
    seen = _PHONE.sub("[phone]", seen)
    seen = _DIGITS.sub("[number]", seen)
    seen = _PLATE.sub("[plate]", seen)
    seen = _PLATE_TYPED.sub(lambda match: match[0] if _ORDINAL.fullmatch(match[0]) else "[plate]", seen)
    return _PLATE_NAMED.sub(r"\1[plate]", seen)


def _kinds(comment: str, languages: tuple[str, ...]) -> frozenset[CommentKind]:
    """Return what a comment is about; one that accuses, or that calls for help, is no praise."""
    said = sentences(comment)
    kinds = {kind for kind, told in _TOLD.items() if any(told(sentence, languages) for sentence in said)}
    if _EMAIL.search(comment) or _PHONE.search(comment):
        kinds.add(CommentKind.CONTACT)
    if kinds & {CommentKind.DANGER, CommentKind.MISCONDUCT} or any(map(found("grudge", languages).search, said)):
        kinds.discard(CommentKind.PRAISE)
    return frozenset(kinds)


def _dangerous(words: str, _: tuple[str, ...]) -> bool:
    """Tell whether a sentence speaks of danger; a bare call for help counts as a whole sentence only."""
    if AT_ONCE.get(words) == CommentKind.DANGER or whole("danger_cry").fullmatch(words):
        return True
    return bool(found("danger").search(found("danger_not").sub(" ", words)))


def _wronged(words: str, languages: tuple[str, ...]) -> bool:
    return bool(found("misconduct", languages).search(_no_misconduct(languages).sub(" ", words)))


def _wants_contact(words: str, languages: tuple[str, ...]) -> bool:
    wanted = found("contact_not", languages).sub(" ", words)
    return bool(whole("contact_whole", languages).fullmatch(wanted) or found("contact", languages).search(wanted))


def _praises(words: str, languages: tuple[str, ...]) -> bool:
    return bool(found("praise", languages).search(_no_praise(languages).sub(" ", words)))


_TOLD: dict[CommentKind, Callable[[str, tuple[str, ...]], bool]] = {
    CommentKind.DANGER: _dangerous,
    CommentKind.MISCONDUCT: _wronged,
    CommentKind.CONTACT: _wants_contact,
    CommentKind.PRAISE: _praises,
}
"""Tests of whether a sentence speaks of each subject."""


@cache
def _no_misconduct(languages: tuple[str, ...]) -> re.Pattern[str]:
    """Return a pattern for words that only sound like an accusation: "never racist", but not "not only racist"."""
    denied, kept, said = (source(f"accusation{end}", languages) for end in ("_denied", "_kept", ""))
    denial = rf"(?:{denied}) (?:(?!{kept})\w+ ){{0,2}}(?:{said})"
    return re.compile(f"{as_words(denial)}|{as_words(source('misconduct_not', languages))}")


@cache
def _no_praise(languages: tuple[str, ...]) -> re.Pattern[str]:
    """Return a pattern for words that only sound like praise: "not very helpful", "thanks for nothing"."""
    denied, praise, other = (source(name, languages) for name in ("praise_denied", "praise", "praise_not"))
    return re.compile(as_words(rf"(?:{denied}) (?:\w+ ){{0,2}}(?:{praise})\b|{other}"))
