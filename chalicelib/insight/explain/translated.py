"""A call's story in another language than English: each part by the phrases of a file, as people at the desk read it.

`explain` composes a story in English, of sentences that it joins by `; ` and `, `. Here each sentence is looked up by
itself. A phrase may have places to fill in. What no phrase says stays as it is: that is what dispatch or a person
wrote, and a test holds every sentence of `explain` to a phrase. The same file has
the lines of the ledger, and what waits for a second person.
"""

import re
import tomllib
from collections.abc import Mapping
from functools import cache, partial
from pathlib import Path

from msgspec.structs import replace

from chalicelib.insight.explain.moment import Moment
from chalicelib.insight.explain.story import Explained

LANGUAGES = ("es",)
_PLACE = re.compile(r"\{(\w+)\}")
_JOINS = ("; ", ", ")
_ASIDE = re.compile(r"(\w+ [^;“]+?) \(([^()“]+)\)")
"""A person of a call with what is told of them behind, in brackets; others' words stand in quotation marks."""
_NUMBERED = re.compile(r"(.+?)( \d+)?( \([\w ]+\))?")


@cache
def phrases(language: str) -> Mapping[str, str]:
    """Return a language's phrases by the English ones; of English itself, none."""
    if language not in LANGUAGES:
        return {}
    file = Path(__file__).with_name("phrases") / f"{language}.toml"
    says: dict[str, str] = tomllib.loads(file.read_text(encoding="utf-8"))["says"]
    return says


def said(language: str, text: str) -> str:
    """Return a text of the story in a language; as it is where nothing says it."""
    return _aside(language, text) or _whole(language, text) or _joined(language, text)


def in_language(told: Explained, language: str) -> Explained:
    """Return a story in a language: words that dispatch, we or a person wrote to somebody stay as they are."""
    if language not in LANGUAGES:
        return told
    return replace(
        told,
        summary=said(language, told.summary),
        moments=tuple(_moment(language, one) for one in told.moments),
        not_sent=tuple(
            replace(
                one,
                kinds=tuple(said(language, kind) for kind in one.kinds),
                who=said(language, one.who),
                words=said(language, one.words),
                detail=said(language, one.detail),
            )
            for one in told.not_sent
        ),
        waiting=tuple(
            replace(one, kind=_kind(language, one.kind), who=said(language, one.who), words=said(language, one.words))
            for one in told.waiting
        ),
        may_come=tuple(said(language, kind) for kind in told.may_come),
    )


def _moment(language: str, one: Moment) -> Moment:
    return replace(
        one,
        what=said(language, one.what),
        about=_kind(language, one.about),
        who=said(language, one.who),
        detail=said(language, one.detail),
        note=said(language, one.note),
    )


def _kind(language: str, text: str) -> str:
    """Return what a notification is, with its number and how the call ended, as `explain` writes them behind it."""
    found = _NUMBERED.fullmatch(text)
    known = found and _whole(language, found[1])
    return f"{known}{found[2] or ''}{found[3] or ''}" if found and known else said(language, text)


def _aside(language: str, text: str) -> str | None:
    """Return what ends in brackets, if phrases say each part: else a place of a phrase would hold them as they are."""
    found = _ASIDE.fullmatch(text)
    if not found:
        return None
    told = _whole(language, found[1])
    parts = [_whole(language, part) for part in found[2].split(", ")]
    return f"{told} ({', '.join(map(str, parts))})" if told and all(parts) else None


def _joined(language: str, text: str) -> str:
    """Return a text whose parts are told each by itself."""
    for join in _JOINS:
        if join in text:
            return join.join(said(language, part) for part in text.split(join))
    return text


def _whole(language: str, text: str) -> str | None:
    exact = phrases(language).get(text)
    if exact is not None:
        return exact
    for pattern, into in _patterns(language):
        found = pattern.fullmatch(text)
        if found:
            return _PLACE.sub(partial(_placed, language, found), into)
    return None


def _placed(language: str, found: re.Match[str], place: re.Match[str]) -> str:
    """Return what stands in a place as it is; a reason may be one of the list, with the number of a request behind."""
    text = found[place[1]]
    reason, comma, ticket = text.partition(", ")
    return f"{phrases(language).get(reason, reason)}{comma}{ticket}" if place[1] == "why" else text


@cache
def _patterns(language: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    """Return the phrases with places, the longest first: the more a phrase says itself, the surer it is meant."""
    made = [(_pattern(english), into) for english, into in phrases(language).items() if _PLACE.search(english)]
    return tuple(sorted(made, key=lambda one: -len(_PLACE.sub("", one[0].pattern))))


def _pattern(english: str) -> re.Pattern[str]:
    source, told = "", _PLACE.split(english)
    for place, part in enumerate(told):
        if place % 2 == 0:
            source += re.escape(part)
        else:  # what somebody wrote stands in quotation marks, and may have any sign within
            source += f"(?P<{part}>{'[^”]' if told[place - 1].endswith('“') else '[^;,“]'}+?)"
    return re.compile(source)
