"""All that people will read: the agency's own words in each language, and tenfour's with the agency's names in."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, get_args

from chalicelib.domain.language import Language
from chalicelib.domain.names import Kind
from chalicelib.domain.notifications.render import Unrenderable, render
from chalicelib.domain.notifications.segments import outside_gsm7
from chalicelib.domain.settings.agency import Agency
from chalicelib.domain.settings.incident_types import IncidentType, LanguageWords
from chalicelib.domain.settings.survey import INVITATIONS, OutcomeClass
from chalicelib.domain.text import plain_words
from chalicelib.insight.settings.finding import Finding, error, warning
from chalicelib.insight.settings.lint_types import type_lists
from chalicelib.insight.settings.lint_words import Text, lint_text, other_alphabet, says_stop, too_long
from chalicelib.insight.settings.locate import Path
from chalicelib.insight.settings.samples import chain, longest

OUTCOMES: tuple[str, ...] = get_args(OutcomeClass)
_PARTS = {"sms": frozenset(INVITATIONS), "email": frozenset({"subject", "footer", "survey_b"})}
_TELL_NOTHING = re.compile(
    r"about|another|check|complaint|minor|officers?|other|person|police|possible|progress|report|request|service|"
    r"some(body|one|thing)|their|there|wants|without"
)
_LONG_ENOUGH = 5

Own = Mapping[Language, LanguageWords]


def lint_texts(agency: Agency) -> Iterator[Finding]:
    """Yield what is wrong with the agency's texts."""
    yield from _own_words(agency.words, {}, agency, ())
    for path, types in type_lists(agency):
        for place, rule in enumerate(types):
            here = (*path, place)
            yield from _own_words(rule.words, rule.words, agency, here)
            yield from _nature(rule, here)
            yield from _first_text(rule, agency, here)
    yield from _names(agency)
    yield from _usual_survey(agency)


def texts(own: Own, path: Path) -> Iterator[Text]:
    """Yield each text that stands where it can be found."""
    for language, words in own.items():
        for channel in ("sms", "email"):
            here = (*path, "words", language, channel)
            for name, told in getattr(words, channel).items():
                if isinstance(told, str) and name != Kind.OUTCOME:
                    yield Text(path=(*here, name), language=language, channel=channel, name=name, source=told)
                elif isinstance(told, dict) and name == Kind.OUTCOME:
                    for variant, source in told.items():
                        at = (*here, name, variant)
                        yield Text(
                            path=at, language=language, channel=channel, name=name, variant=variant, source=source
                        )


def _own_words(own: Own, of_type: Own, agency: Agency, path: Path) -> Iterator[Finding]:
    known = frozenset({*Kind, *INVITATIONS, "subject", "footer"})
    values = longest(agency)
    yield from _misplaced(own, path)
    for language in own:
        if language not in agency.spoken:
            hint = f'add "{language}" to languages, or take the words out'
            yield warning((*path, "words", language), f"{language} is not spoken: nobody reads these words", hint)
    written: set[tuple[str, ...]] = {
        (text.language, text.channel, text.name, text.variant) for text in texts(own, path)
    }
    for text in texts(own, path):
        if text.name in known and (not text.variant or text.variant in OUTCOMES):
            yield from lint_text(text, chain(of_type, agency, text.language), values, agency)
            yield from _untranslated(text, written, agency)


def _untranslated(text: Text, written: set[tuple[str, ...]], agency: Agency) -> Iterator[Finding]:
    for language in agency.spoken:
        if text.language in agency.spoken and (language, text.channel, text.name, text.variant) not in written:
            yield warning(
                text.path,
                f"has no version in {language}, which is spoken: there tenfour's own words stay",
                f"write it under words.{language}.{text.channel} too",
            )


def _misplaced(own: Own, path: Path) -> Iterator[Finding]:
    """Yield words under names that nothing looks for."""
    for language, words in own.items():
        for channel, parts in _PARTS.items():
            known = [*map(str, Kind), *sorted(parts)]
            for name, told in getattr(words, channel).items():
                here = (*path, "words", language, channel, name)
                if name not in known:
                    yield error(here, "there is no such text", f"known here: {', '.join(known)}")
                elif name == Kind.OUTCOME and isinstance(told, str):
                    yield error(here, "an outcome has a text for each class", 'write outcome.handled = "..."')
                elif name != Kind.OUTCOME and not isinstance(told, str):
                    yield error(here, "expected text, got a table", f'write {name} = "..."')
                elif isinstance(told, dict):
                    for variant in told.keys() - set(OUTCOMES):
                        yield error((*here, variant), "there is no such outcome", f"known: {', '.join(OUTCOMES)}")


def _nature(rule: IncidentType, path: Path) -> Iterator[Finding]:
    """Yield texts of one type that tell whoever sees the screen what the call was about."""
    told = {word for word in plain_words(rule.description).split() if len(word) >= _LONG_ENOUGH}
    telling = {word for word in told if not _TELL_NOTHING.fullmatch(word)}
    for text in texts(rule.words, path):
        words = sorted(telling & set(plain_words(text.source).split()))
        if words:
            yield warning(
                text.path,
                f"{words[0]!r} says what the call was about to whoever holds the phone",
                "say no more than the incident's number",
            )


def _first_text(rule: IncidentType, agency: Agency, path: Path) -> Iterator[Finding]:
    """Yield types whose first text, since there is no acknowledgment, does not say how to get no more."""
    if not rule.notify or Kind.ACKNOWLEDGMENT in rule.notify:
        return
    first = min(rule.notify, key=list(Kind).index)
    for language in agency.spoken:
        if any(not says_stop(body, language) for body in _bodies(first, rule, agency, language)):
            yield warning(
                (*path, "notify"),
                f"{first} is the first text that callers get, and does not say how to get no more ({language})",
                f'add "acknowledgment", or write a {first} that says: STOP',
            )


def _bodies(kind: Kind, rule: IncidentType, agency: Agency, language: Language) -> Iterator[str]:
    words: tuple[Mapping[str, Any], ...] = chain(rule.words, agency, language)
    for variant in OUTCOMES if kind is Kind.OUTCOME else ("",):
        try:
            yield render(words, kind, variant, "sms", longest(agency)).body
        except Unrenderable:
            continue  # said of the text itself


def _names(agency: Agency) -> Iterator[Finding]:
    """Yield names, numbers and links that make every text that has them dearer."""
    told: list[tuple[Path, str]] = [
        (("short_name",), agency.short_name),
        (("numbers", "non_emergency"), agency.numbers.non_emergency),
        (("resources_link",), agency.resources_link),
        (("survey", "link"), agency.survey.link),
    ]
    for place, city in enumerate(agency.cities):
        told.append((("cities", place, "short_name"), city.short_name))
        told.append((("cities", place, "non_emergency"), city.non_emergency or ""))
    for path, text in told:
        outside = Counter(outside_gsm7(text))
        if outside:
            body = render(chain({}, agency, agency.language), Kind.ACKNOWLEDGMENT, "", "sms", longest(agency))
            yield other_alphabet(path, outside, body.body + text, body.segments)


def _usual_survey(agency: Agency) -> Iterator[Finding]:
    """Yield that tenfour's own words are too long with the survey's link, or with the question that is asked first.

    The agency's own are looked at one by one.
    """
    paths: dict[str, Path] = {Kind.SURVEY: ("survey", "link")}
    if "reply" in agency.survey.doors:
        paths["survey_reply"] = ("survey", "reply_questions")
    for name, path in paths.items():
        for language in agency.spoken:
            own = agency.words.get(language)
            if own is None or name not in own.sms:
                message = render(chain({}, agency, language), name, "", "sms", longest(agency))
                yield from too_long(path, message, agency)
                if message.segments > agency.most_segments:
                    break
