"""Replies: read the intent of a text from a person (stop, start, help, danger or other), and decide on an answer."""

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache, partial
from typing import get_args

from msgspec import Struct

from chalicelib.domain.languages import Language
from chalicelib.domain.phrases import as_words, source, whole
from chalicelib.domain.phrases_table import AT_ONCE
from chalicelib.domain.said import readings, said_words, written_sentences

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
MOST_ANSWERS = 5
"""Answers to one person in an hour: enough for people, and it ends an exchange between two machines."""

_ANSWER = "__answer__"
"""Part of an answer's id, after the agency's; no notification's id has three parts."""


class Intent(StrEnum):
    """The intent of a reply."""

    STOP = "stop"
    NO_SURVEYS = "no_surveys"
    START = "start"
    YES = "yes"
    HELP = "help"
    DANGER = "danger"
    OTHER = "other"


CHOICES = (Intent.STOP, Intent.NO_SURVEYS, Intent.START)
"""Intents that change a person's consent."""


class Reply(Struct, frozen=True, kw_only=True):
    """A text from a person to one of an agency's numbers, both in E.164; `message_id` is the provider's name for it."""

    sender: str
    number: str
    body: str
    at: datetime
    message_id: str = ""


class KeptReply(Struct, frozen=True, omit_defaults=True):
    """A reply as the agency may read it: its words, the last digits of the phone, and the phone's keyed hash.

    `incident_number` is the latest call of the phone, where conversations are on, and `called` is that call's number if
    it is not its key. `danger` tells that it speaks of danger: then `phone` is the whole phone, since somebody must be
    able to call it, even where no call knows it. `seen_by` is who has seen it, at `seen_at`.
    """

    at: datetime
    words: str
    last_digits: str
    keyed_hash: str
    incident_number: str = ""
    called: str = ""
    danger: bool = False
    seen_by: str = ""
    seen_at: datetime | None = None
    phone: str = ""


def kept_reply(reply: Reply, keyed_hash: str, *, danger: bool) -> KeptReply:
    """Return a reply as it is kept: with the phone's last digits alone, unless it speaks of danger."""
    phone = reply.sender if danger else ""
    return KeptReply(reply.at, reply.body, reply.sender[-4:], keyed_hash, danger=danger, phone=phone)


class Answered(Struct, frozen=True):
    """An answer that a person got, and when."""

    what: Intent
    at: datetime


_MARK = re.compile("^[1-5] | [1-5]$")
_SIGN_OFF = re.compile(r"\n\s*(sent|enviado) (from|desde|from my) .*", re.IGNORECASE | re.DOTALL)


def intent(body: str) -> Intent:
    """Read a reply's intent. A single word such as STOP counts only alone, not in "the noise won't stop".

    YES opts a person in again who has opted out, as carriers do it; from anybody else it may answer a question.
    """
    text = _SIGN_OFF.sub("", body)
    known = AT_ONCE.get(said_words(text), Intent.DANGER)
    if known != Intent.DANGER:
        return Intent(known)
    return next(filter(_asks, map(by_patterns, readings(text))), Intent.OTHER)


def is_plain(body: str) -> bool:
    """Tell whether a reply is a wish and nothing else: the tables know all of it."""
    return AT_ONCE.get(said_words(_SIGN_OFF.sub("", body)), Intent.DANGER) != Intent.DANGER


def _asks(asked: Intent) -> bool:
    return asked is not Intent.OTHER


def by_patterns(text: str) -> Intent:
    """Read the intent of a text that is not in the tables of whole replies."""
    words = _bare(text)
    for meaning, pattern in _MEANINGS:
        if pattern().fullmatch(words):
            return meaning
    return Intent.STOP if any(map(_stops, written_sentences(text))) else Intent.OTHER


def language_of(body: str) -> Language | None:
    """Return the language that a reply is certainly written in, or None: STOP is used in all of them."""
    said = said_words(body)
    return next((language for language in get_args(Language) if _tell_tale(language).search(said)), None)


def may_answer(asked: Intent, past: Sequence[Answered], at: datetime) -> bool:
    """Tell whether a reply is answered now.

    The limits are one answer a minute and five an hour, so nobody waits longer than an hour. A change of consent is
    confirmed beside them, once a minute: a person who texts STOP must see that it counted. Danger is answered with 911,
    five times an hour.
    """
    just_now = [one for one in past if _near(one.at, at, MINUTE)]
    if asked in CHOICES:
        return all(one.what is not asked for one in just_now)
    if asked is Intent.DANGER:
        dangers = [one for one in recent(past, at) if one.what is asked]
        return all(one not in just_now for one in dangers) and len(dangers) < MOST_ANSWERS
    return not just_now and len(recent(past, at)) < MOST_ANSWERS


def recent(past: Sequence[Answered], at: datetime) -> tuple[Answered, ...]:
    """Return the answers that still count towards the limits."""
    return tuple(one for one in past if _near(one.at, at, HOUR))


def _near(one: datetime, other: datetime, within: timedelta) -> bool:
    """Tell whether two instants lie less than a span apart, in either order.

    Texts come late and out of order, so an answer to a later one counts; one that is further ahead was written by a
    clock that jumped, and must keep nobody waiting.
    """
    return abs(other - one) < within


def answer_id(agency_id: str, reply: Reply) -> str:
    """Return the id under which a provider carries the answer to a reply."""
    return passing_id(agency_id, text_name(reply))


def passing_id(agency_id: str, name: str) -> str:
    """Return the id under which a provider carries a message that has no row."""
    return f"{agency_id}{_ANSWER}{re.sub('[^A-Za-z0-9-]', '', name)[:64]}"


def text_name(reply: Reply) -> str:
    """Return a text's name: its provider's id for it, else its instant."""
    return reply.message_id or reply.at.strftime("%Y%m%dT%H%M%S%f")


def is_answer(reference: str) -> bool:
    """Tell whether a provider's event is about an answer; nothing is stored about answers."""
    return _ANSWER in reference


def _stops(sentence: str) -> bool:
    """Tell whether one sentence of a reply asks for no more texts; a mark may stand beside it.

    The words behind a comma may be the reason ("stop texting me, I'm at work"). The words before a comma may name
    another speaker. Two words before it are too few: "no texts, send somebody".
    """
    wish, phrase, said = _bare(sentence.partition(",")[0]), whole("stop_phrase"), _bare(sentence)
    said = _MARK.sub("", said)
    if phrase.fullmatch(said) or whole("stop_alone").fullmatch(said):
        return True
    return bool((wish.count(" ") > 1 and phrase.fullmatch(wish)) or any(map(_is_wish_or_reason, _beside_stop(said))))


def _beside_stop(words: str) -> Iterator[str]:
    """Yield what stands beside a stop word at either end of a sentence: "stop do not text this number"."""
    yield from (rest for rest in (pattern.sub("", words) for pattern in _stop_ends()) if rest != words)


def _is_wish_or_reason(words: str) -> bool:
    bare = _bare(words)
    return bool(whole("stop_phrase").fullmatch(bare) or whole("stop_reason").fullmatch(words))


def _bare(text: str) -> str:
    words, before = said_words(text), ""
    while words != before:
        before, words = words, _polite().sub("", words)
    return words


# Patterns built from the phrases of all languages


@cache
def _stop_words() -> re.Pattern[str]:
    """Return a pattern for stop words, one or several: "stop stop", "ya basta"."""
    stop, before, after = source("stop"), source("stop_before"), source("stop_after")
    return re.compile(f"(?:(?:{before}) )?(?:{stop})(?: (?:{stop}))*(?: (?:{after}))*")


@cache
def _stop_ends() -> tuple[re.Pattern[str], ...]:
    """Return patterns for a stop word before and behind other words."""
    alone = source("stop_alone")
    return re.compile(f"^(?:{alone}) "), re.compile(f" (?:{alone})$")


@cache
def _polite() -> re.Pattern[str]:
    """Return a pattern for polite words around a wish, which do not change it."""
    return re.compile(f"^(?:(?:{source('polite_before')}) )+|(?: (?:{source('polite_after')}))+$")


@cache
def _tell_tale(language: Language) -> re.Pattern[str]:
    """Return a pattern for words that nobody writes in another language."""
    return re.compile(as_words(source("tell_tale", (language,))))


_MEANINGS: tuple[tuple[Intent, Callable[[], re.Pattern[str]]], ...] = (
    (Intent.NO_SURVEYS, partial(whole, "no_surveys")),
    (Intent.STOP, _stop_words),
    (Intent.STOP, partial(whole, "stop_phrase")),
    (Intent.START, partial(whole, "start")),
    (Intent.YES, partial(whole, "yes")),
    (Intent.HELP, partial(whole, "help")),
)
