"""One text of an agency's own: can it be filled in, may anybody who holds the phone read it, what does it cost."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from jinja2 import TemplateSyntaxError, meta
from msgspec import Struct

from chalicelib.domain.language import Language
from chalicelib.domain.names import Kind
from chalicelib.domain.notifications.notification import Channel
from chalicelib.domain.notifications.render import Message, Unrenderable, render
from chalicelib.domain.notifications.segments import GSM7_SIZES, UCS2_SIZES, outside_gsm7, segment_count
from chalicelib.domain.notifications.sensitive_words import spoken
from chalicelib.domain.phrases import words
from chalicelib.domain.settings.agency import Agency
from chalicelib.domain.settings.survey import INVITATIONS
from chalicelib.domain.template import TooMuch, parse
from chalicelib.domain.text import plain_words
from chalicelib.insight.settings.finding import Finding, error, warning
from chalicelib.insight.settings.locate import Path
from chalicelib.insight.settings.samples import Values, dollars

_SHORTENERS = (
    r"bit\.ly|tinyurl(\.com)?|t\.co|goo\.gl|ow\.ly|(is|v)\.gd|buff\.ly|rebrand\.ly|cutt\.ly|shorturl\.at|tiny\.cc|rb\.gy|"
    r"t\.ly|bl\.ink|s\.id|lnkd\.in"
)
SHORTENER = re.compile(rf"(?<![\w-])({_SHORTENERS})(?![\w-])", re.IGNORECASE)
_STOP = re.compile(r"\bSTOP\b")
_STOPS: Mapping[str, re.Pattern[str]] = {"es": re.compile(r"\b(STOP|ALTO)\b")}

_PERSONAL = re.compile(
    r"((first|last|full|callers?|officers?)_)?name|caller|person|victim|suspect|(caller_)?(phone|email)(_number)?|address|"
    r"location|street|place|apartment|city|date_of_birth"
)
_NATURE = re.compile(
    r"((incident|call)_)?type|(type_)?description|modifier|priority|beat|disposition|offense|officers?|units?|details|notes"
)
UNSAFE = re.compile(r"\b(victim\w*|suspects?|arrest\w*|custody|sospechos\w*|detenid\w*)\b")
_RESOLVED = re.compile(r"\b(re)?solved\b|\bresuelt\w*\b|\bresolvi\w*\b")
_PLAIN = str.maketrans(
    {"\u2019": "'", "\u2018": "'", "\u201c": '"', "\u201d": '"', "\u2013": "-", "\u2014": "-", "\u2026": "..."}
)


class Text(Struct, frozen=True, kw_only=True):
    """One text of a settings file, and which notification it is for; `name` may be an email's subject or footer."""

    path: Path
    language: Language
    channel: Channel
    name: str
    variant: str = ""
    source: str

    @property
    def kind(self) -> Kind:
        """Return the kind that the text is for, or any where it is for all."""
        if self.name in INVITATIONS:
            return Kind.SURVEY
        return Kind(self.name) if self.name in set(Kind) else Kind.ACKNOWLEDGMENT


def lint_text(text: Text, words: Sequence[Mapping[str, Any]], values: Values, agency: Agency) -> Iterator[Finding]:
    """Yield what is wrong with one text; `words` are where the rest of its message is found."""
    yield from safe(text)
    try:
        named = meta.find_undeclared_variables(parse(text.source))
    except (TemplateSyntaxError, TooMuch, RecursionError) as problem:
        yield error(text.path, f"can't be filled in: {problem}", "fields are written {{ incident_number }}")
        return
    yield from _fields(text, named, values)
    yield from _wording(text, named, agency)
    if not named - values.keys():
        yield from _filled_in(text, words, values, agency)


def says_stop(body: str, language: str) -> bool:
    """Tell whether a text names the word by which people get no more: STOP is understood in every language."""
    return _STOPS.get(language, _STOP).search(body) is not None


def shortened(path: Path, text: str) -> Finding:
    """Return what is wrong with a link of a public shortener."""
    found = SHORTENER.search(text)
    name = found[0] if found else text
    return error(path, f"{name} is a public link shortener: carriers block such texts", "use the agency's own domain")


def _fields(text: Text, named: set[str], values: Values) -> Iterator[Finding]:
    known = f"fields are: {', '.join(sorted(values))}"
    for name in sorted(named - values.keys()):
        if _PERSONAL.fullmatch(name):
            why = "no names or addresses are kept; they would be read by whoever holds the phone"
        elif _NATURE.fullmatch(name):
            why = "what the call was about is left out; it would be read by whoever holds the phone"
        else:
            why = "there is no such field"
        yield error(text.path, f"{{{{ {name} }}}}: {why}", known)
    if "link" in named and text.kind is not Kind.SURVEY:
        yield warning(text.path, "{{ link }} is empty here: it leads to the survey", "use {{ resources_link }}")
    if "question" in named and not text.name.startswith("survey_reply"):
        yield warning(text.path, "{{ question }} is empty here", "it is for survey_reply and survey_reply_b")


def safe(text: Text) -> Iterator[Finding]:
    """Yield words that a lock screen must not show, and links that carriers block."""
    plain = plain_words(text.source)
    harmless = words("harmless_here", (text.language,))
    for word in dict.fromkeys([*(match[0] for match in UNSAFE.finditer(plain)), *spoken(plain)]):
        if word not in harmless:
            yield error(text.path, f"{word!r} is not safe on a lock screen", "say no more than the incident's number")
    resolved = _RESOLVED.search(plain)
    if text.name == Kind.OUTCOME and resolved:
        yield error(text.path, f"{resolved[0]!r} is for the caller to say", 'say that officers "have finished"')
    if SHORTENER.search(text.source):
        yield shortened(text.path, text.source)


def _wording(text: Text, named: set[str], agency: Agency) -> Iterator[Finding]:
    """Yield what each kind has to say, and does not."""
    needed = "question" if text.name.startswith("survey_reply") else "link"
    if text.kind is Kind.SURVEY and needed not in named:
        yield error(text.path, f"without {{{{ {needed} }}}} nobody can answer", f"add {{{{ {needed} }}}}")
    if text.channel == "email":
        return
    if text.name == Kind.ACKNOWLEDGMENT and not says_stop(text.source, text.language):
        stop = "Responda STOP para no recibir textos." if text.language == "es" else "Reply STOP to opt out."
        yield error(text.path, "does not say how to get no more texts, as carriers demand", f"add: {stop}")
    if text.name in {Kind.ACKNOWLEDGMENT, Kind.DELAY} and "911" not in text.source:
        call = "call or text" if agency.text_to_911 else "call"
        yield warning(text.path, f"does not say to {call} 911 if it gets worse", "replies are not read: say so")


def _filled_in(text: Text, words: Sequence[Mapping[str, Any]], values: Values, agency: Agency) -> Iterator[Finding]:
    own = {text.name: {text.variant: text.source} if text.variant else text.source}
    try:
        name = text.name if text.name in INVITATIONS else text.kind
        message = render(({text.channel: own}, *words), name, text.variant, text.channel, values)
    except Unrenderable as problem:
        yield error(text.path, f"can't be filled in: {problem}", "fields are written {{ incident_number }}")
        return
    if text.channel == "sms":
        yield from _alphabet(text, message)
        yield from too_long(text.path, message, agency)


def too_long(path: Path, message: Message, agency: Agency) -> Iterator[Finding]:
    """Yield that a text takes more segments than the agency wants to pay for."""
    if message.segments <= agency.most_segments:
        return
    outside = outside_gsm7(message.body)
    room, each = UCS2_SIZES if outside else GSM7_SIZES
    fits = room if agency.most_segments == 1 else each * agency.most_segments
    yield error(
        path,
        f"{message.segments} segments where {agency.most_segments} is most: "
        f"{len(message.body)} characters with the longest fields, about {fits} fit",
        f"shorten it by {max(1, len(message.body) - fits)}; each segment costs {dollars(1)} for each person"
        + (f"; {outside[0]} makes it longer than it looks" if outside else ""),
    )


def _alphabet(text: Text, message: Message) -> Iterator[Finding]:
    outside = Counter(outside_gsm7(text.source))
    if outside:
        yield other_alphabet(text.path, outside, message.body, message.segments)


def other_alphabet(path: Path, outside: Mapping[str, int], body: str, segments: int) -> Finding:
    """Return what characters outside GSM-7 cost, and what could stand for them."""
    shown = ", ".join(f"{character} (U+{ord(character):04X})" for character in outside)
    plain = segment_count("".join("x" if outside_gsm7(character) else character for character in body))
    instead = {character: _plain(character) for character in outside}
    swaps = ", ".join(f"{plain} for {character}" for character, plain in instead.items() if plain)
    cost = _segments(segments)
    cost = f"{cost} instead of {_segments(plain)}" if segments > plain else f"still {cost}"
    return warning(
        path,
        f"{shown}: outside the alphabet of texts (GSM-7), so that 70 characters fill a segment, not 160: {cost}",
        f"write {swaps}" if swaps else "leave it out",
    )


def _segments(count: int) -> str:
    return f"{count} segment{'' if count == 1 else 's'} ({dollars(count)})"


def _plain(character: str) -> str:
    """Return what can be read in a character's place, or nothing."""
    bare = unicodedata.normalize("NFKD", character.translate(_PLAIN)).encode("ascii", "ignore").decode()
    return bare if bare.isprintable() else ""
