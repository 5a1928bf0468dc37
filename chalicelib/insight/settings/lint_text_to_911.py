"""Where 911 takes no texts, an agency's own words must not send anybody there: find those that do.

tenfour's words leave the offer out by themselves. Words that say that texts do not reach 911 are good advice: they
only get a warning, since no pattern reads a sentence as surely as a person.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, get_args

from msgspec.structs import asdict

from chalicelib.domain.language import Language
from chalicelib.domain.settings.agency import Agency
from chalicelib.insight.settings.finding import Finding, error, warning
from chalicelib.insight.settings.lint_texts import texts
from chalicelib.insight.settings.lint_types import type_lists
from chalicelib.insight.settings.locate import Path

_BUTTON = "text_911"
"""The label of the page's button, which the page leaves out by itself."""

_NUMBER = re.compile(r"\b(9[-. ]?1[-. ]?1|nine[- ]one[- ]one|nueve[- ]uno[- ]uno)\b")
_TEXT = r"\b(?:text|txt|sms|messag|mensaj|escrib|chat)\w*"
_CALL = r"(?:call|dial|phone|ring|llam|marqu)\w*"
_GAP = r"[^\w.!?;\n]{1,3}"
_OFFER = re.compile(
    rf"{_TEXT}[^\w.!?;\n]{{0,3}}911"
    rf"|{_TEXT}(?:{_GAP}(?!{_CALL})\w+){{0,4}}?{_GAP}(?:to|at|al?){_GAP}911"
    rf"|{_TEXT}\s*(?:\b(?:or|and|o|y)\b|[/,&])\s*{_CALL}(?:{_GAP}(?:to|at|al?))?{_GAP}911"
    rf"|911(?:{_GAP}\w+){{0,2}}?{_GAP}(?:by|via|with|through|por|mediante|con)(?:{_GAP}(?:an?|une?))?{_GAP}{_TEXT}"
)
_BRACKETS = re.compile(rf"\[[^\[\]]*{_TEXT}[^\[\]]*\]")
"""How tenfour's own files mark what is left out; an agency that copies them would show people the marks."""

_DENIAL = re.compile(r"\b(?:not?|never|cannot|without|nunca|sin|tampoco)\b|n['\u2019]t\b")
_END = re.compile(r"[.!?;\n]")


def lint_text_to_911(agency: Agency) -> Iterator[Finding]:
    """Yield own words that offer to text 911 although the settings say that it takes no texts, and copied marks."""
    for path, text in _own_words(agency):
        if _BRACKETS.search(text.lower()):
            yield error(
                path, "people would read the square brackets", "they are for tenfour's own words: leave them out"
            )
        elif not agency.text_to_911 and path[-1] != _BUTTON:
            yield from _offers(path, text)
    if agency.text_to_911:
        return
    for language in agency.survey.words.keys() - set(get_args(Language)):
        yield warning(
            ("survey", "words", language, "danger"),
            f"the check can't read {language}: these words may offer to text 911, which takes no texts here",
            "have them read by somebody who can",
        )


def _offers(path: Path, text: str) -> Iterator[Finding]:
    plain = _NUMBER.sub("911", text.lower())
    said = [_sentence(plain, found) for found in _OFFER.finditer(plain)]
    if any(not _DENIAL.search(sentence) for sentence in said):
        yield error(path, "offers to text 911, which takes no texts here (text_to_911)", "write: call 911")
    elif said:
        yield warning(
            path, "speaks of texts to 911, which takes none here (text_to_911)", "nobody may take it for an offer"
        )


def _sentence(plain: str, found: re.Match[str]) -> str:
    before = _END.split(plain[: found.start()])[-1]
    return before + found[0] + _END.split(plain[found.end() :])[0]


def _own_words(agency: Agency) -> Iterator[tuple[Path, str]]:
    """Yield all that people read in an agency's own words, each with its path."""
    yield from ((text.path, text.source) for text in texts(agency.words, ()))
    for path, types in type_lists(agency):
        for place, rule in enumerate(types):
            yield from ((text.path, text.source) for text in texts(rule.words, (*path, place)))
    for language, page in agency.survey.words.items():
        yield from _each(("survey", "words", language), asdict(page))
    for place, question in enumerate(agency.survey.questions):
        here: Path = ("survey", "questions", place)
        yield from (*_each((*here, "text"), question.text), *_each((*here, "sms"), question.sms))
        yield from _each((*here, "labels"), {key: " | ".join(told) for key, told in question.labels.items()})
        for number, choice in enumerate(question.choices):
            yield from _each((*here, "choices", number, "text"), choice.text)
    complaints = agency.survey.follow_up.complaints
    where: Path = ("survey", "follow_up", "complaints")
    yield from [(where, complaints)] if isinstance(complaints, str) else _each(where, complaints)


def _each(path: Path, told: Mapping[Any, str]) -> Iterator[tuple[Path, str]]:
    yield from (((*path, name), text) for name, text in told.items())
