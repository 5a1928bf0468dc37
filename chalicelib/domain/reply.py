"""What a person texts back: stop, start, or something else."""

import re
from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from chalicelib.domain.safety import plain_words


class Intent(StrEnum):
    """What a reply asks for."""

    STOP = "stop"
    START = "start"
    YES = "yes"
    OTHER = "other"


class Reply(Struct, frozen=True, kw_only=True):
    """A text from a person to one of an agency's numbers, both in E.164."""

    sender: str
    number: str
    body: str
    at: datetime


# The words of 47 CFR 64.1200(a)(10), what AWS End User Messaging requires beside them, and Spanish ones.
_STOP_WORD = (
    r"stop|quit|end|revoke|opt ?out|cancel|unsubscribe|stop ?all|remove|arret|td|alto|parar|cancelar|terminar|baja"
)
_STOP = re.compile(
    rf"({_STOP_WORD})( (all|me|now|these|texts?|texting|messages?|messaging|sending|contacting))*|"
    r"(do not|don ?t|never) (text|message|contact) me( again| any ?more)?|"
    r"(no more|no mas) (texts?|messages?|mensajes)"
)
_START = re.compile(r"start|unstop|opt ?in|resubscribe|empezar|comenzar")
_YES = re.compile(r"yes|si")
"""Opts in whoever is opted out, as carriers have it; from anybody else it may be an answer."""

_SIGNATURE = re.compile(r"\n\s*sent from .*", re.IGNORECASE | re.DOTALL)


def intent(body: str) -> Intent:
    """Read a reply as a whole: a stop word among others is conversation ("the noise won't stop")."""
    words = re.sub(r"^please | please$", "", plain_words(_SIGNATURE.sub("", body)))
    if _STOP.fullmatch(words):
        return Intent.STOP
    if _YES.fullmatch(words):
        return Intent.YES
    return Intent.START if _START.fullmatch(words) else Intent.OTHER
