"""Words for what other rooms keep as data: the extent of a pause, and who did something."""

from typing import get_args

from msgspec import Struct

from chalicelib.domain.approval import AND
from chalicelib.domain.ledger.what import REASONS
from chalicelib.domain.ledger.who import DESK, apart, spoken
from chalicelib.domain.names import Kind
from chalicelib.domain.notifications.pause import PauseOf
from chalicelib.domain.people.reply import language_of
from chalicelib.web.desk.visit import Visit

_KINDS = frozenset(Kind)
_CODES = {words: code for code, words in REASONS.items()}
_KNOWN = frozenset((*get_args(PauseOf), "tables"))


def scope(visit: Visit, of: str, which: str) -> str:
    """Return what a pause is of, in words; what nobody knows reads as it is."""
    if of == "kind" and which in _KINDS:
        return visit.say(f"kind.{which}")
    return visit.say(f"scope.{of if of in _KNOWN else 'agency'}", which=which)


def reason_words(visit: Visit, reason: str, *, waits: bool = False) -> str:
    """Return why something was not sent, or waits, in the language of the page; what no phrase says is in English."""
    from chalicelib.insight.explain.translated import said
    from chalicelib.insight.explain.words import why, why_held

    return said(visit.language, why_held(reason) if waits else why(reason))


class Worded(Struct, frozen=True):
    """Words, and the language that they are in."""

    words: str
    language: str


def worded(visit: Visit, english: str) -> Worded:
    """Return what other rooms say in English in the language of the page; as it is where no phrase says it."""
    from chalicelib.insight.explain.translated import said

    words = said(visit.language, english)
    return Worded(words, "en" if words == english else visit.language)


def reason_given(visit: Visit, reason: str) -> Worded:
    """Return why somebody proposed or did something: one of the list with a number, or their own words."""
    head, comma, ticket = reason.partition(", ")
    code = _CODES.get(head)
    if code is None:
        return Worded(reason, visit.ours.language)
    return Worded(f"{visit.say(f'why.{code}')}{comma}{ticket}", visit.language)


def speaks(visit: Visit, text: str) -> str:
    """Return the language of what a person or somebody of the agency wrote, as far as one can tell."""
    return language_of(text) or (visit.agency.language if visit.agency else "en")


def called(visit: Visit, author: str) -> str:
    """Return who did something as people call them: the name, or what the provider says where there is none."""
    people = (_called(one) for one in author.split(AND))
    return visit.say("base.and").join(people)


def _called(author: str) -> str:
    told = spoken(author)
    return apart(author)[0].sign_in if author.startswith(DESK) else told
