"""Words for what other rooms keep as data: the extent of a pause, and who did something."""

from typing import get_args

from chalicelib.domain.ledger.who import spoken
from chalicelib.domain.names import Kind
from chalicelib.domain.notifications.pause import PauseOf
from chalicelib.web.desk.visit import Visit

_KINDS = frozenset(Kind)
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


def called(author: str) -> str:
    """Return who did something as people call them: the name, where there is one before what the provider says."""
    return spoken(author)
