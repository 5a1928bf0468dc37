"""The texts with which people are answered: in every language, one segment, safe on a lock screen."""

from collections import Counter
from collections.abc import Iterator

from jinja2 import TemplateSyntaxError, meta
from msgspec.structs import replace

from chalicelib.domain.language import Language
from chalicelib.domain.notifications.render import Message, Unrenderable, fill
from chalicelib.domain.notifications.segments import outside_gsm7, segment_count
from chalicelib.domain.settings.agency import Agency
from chalicelib.domain.settings.conversation import NOT_READ
from chalicelib.domain.template import TooMuch, parse
from chalicelib.insight.settings.finding import Finding, error, warning
from chalicelib.insight.settings.lint_words import Text, other_alphabet, safe, too_long
from chalicelib.insight.settings.locate import Path
from chalicelib.insight.settings.samples import longest

FIELDS = ("agency", "agency_name", "non_emergency")
"""What these texts may fill in: nothing of a call, since a conversation is no incident."""

_HINT = f"fields are: {', '.join(FIELDS)}"
_ROOT = "conversation"


def lint_conversation(agency: Agency) -> Iterator[Finding]:
    """Yield what is wrong with the conversation's settings."""
    rules = agency.conversation
    if rules.answers and not agency.converses:
        why = "nobody is answered, because nobody watches replies"
        yield warning((_ROOT, "answers"), why, "name a first and a second in [watchers.reply]")
    if agency.converses:
        if not rules.not_read:
            why = "people whose text nobody reads are told so in tenfour's own words, and only at once"
            yield warning((_ROOT, NOT_READ), why, 'add not_read.en = "..."')
        for language in agency.spoken:
            if language not in agency.words or "acknowledgment" not in agency.words[language].sms:
                why = f"tenfour's own acknowledgment in {language} says that nobody reads this number"
                yield warning((_ROOT,), why, f"write words.{language}.sms.acknowledgment of your own")
    for name in (NOT_READ, *rules.answers):
        yield from _in_each_language(name, agency)


def _in_each_language(name: str, agency: Agency) -> Iterator[Finding]:
    words = agency.conversation.words(name)
    path: Path = (_ROOT, NOT_READ) if name == NOT_READ else (_ROOT, "answers", name)
    for language in agency.spoken if words else ():
        if language not in words:
            yield error(path, f"no text in {language}, which is spoken", f'add {language} = "..."')
    for language, source in words.items():
        yield from _text((*path, language), language, name, source, agency)


def _text(path: Path, language: Language, name: str, source: str, agency: Agency) -> Iterator[Finding]:
    text = Text(path=path, language=language, channel="sms", name=name, source=source)
    yield from safe(text)
    try:
        named = meta.find_undeclared_variables(parse(source))
    except (TemplateSyntaxError, TooMuch, RecursionError) as problem:
        yield error(path, f"can't be filled in: {problem}", "fields are written {{ agency }}")
        return
    for field in sorted(named - {*FIELDS}):
        yield error(path, f"{{{{ {field} }}}}: no field of an answer", _HINT)
    if "agency" not in named and "agency_name" not in named:
        yield warning(path, "does not say who writes", "begin with {{ agency }}")
    if name == NOT_READ and "911" not in source:
        yield error(path, "does not say to call 911", "nobody has read what they wrote: say what to do in an emergency")
    if not named - {*FIELDS}:
        yield from _filled_in(path, source, agency)


def _filled_in(path: Path, source: str, agency: Agency) -> Iterator[Finding]:
    values = longest(agency)
    try:
        body = fill(source, {name: values[name] for name in FIELDS})
    except Unrenderable as problem:
        yield error(path, f"can't be filled in: {problem}", "fields are written {{ agency }}")
        return
    segments = segment_count(body)
    outside = Counter(outside_gsm7(source))
    if outside:
        yield other_alphabet(path, outside, body, segments)
    one = Message(body=body, segments=segments)
    if segments > 1:
        yield from too_long(path, one, _one_segment(agency))


def _one_segment(agency: Agency) -> Agency:
    """Return the agency as it pays for one segment: an answer is short, or nobody reads it."""
    return replace(agency, most_segments=1)
