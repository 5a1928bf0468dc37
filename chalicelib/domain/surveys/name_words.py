"""Words of a comment that may name a person: proposed to whoever reads it before it is published.

No list has every name. So a word is proposed unless something speaks for its being an ordinary one: it is in the
dictionary, and no name, or far more usual as a word. A capital letter within a sentence, and the place after a title
such as `officer`, speak for a name. A number of three digits, one behind a title, or one with letters in it may be that
of a badge or a unit. Too much is proposed, never too little.
"""

import re
import unicodedata
from collections.abc import Iterator

from msgspec import Struct

_WORD = re.compile(r"[^\W_]*\d[^\W_]*|[^\W\d_]+(?:['\u2019\-][^\W\d_]+)*")
_MEASURE = re.compile(r"\d+(st|nd|rd|th|am|pm|a|p|h|hr|hrs|m|min|mins|sec|secs|s|x|k|yr|yrs|ft|mph)")
_OF_A_CLAN = re.compile(r"o'(?!clock)")
_SENTENCE = re.compile(r"(?:^|[.!?…:;\n\"“¿¡(])[\s\"“(¿¡]*$")
_LATIN = re.compile(r"[^\u0000-\u024f\u1e00-\u1eff\u2019]")
_OWNERS = re.compile(r"['\u2019]s$")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_TITLES = _words("""
    officer officers ofc ofcr deputy sergeant sgt corporal cpl lieutenant lt captain capt detective det chief sheriff
    trooper agent mr mrs ms miss dr doctor dispatcher operator named
    oficial agente sargento cabo teniente capitan detective jefe alguacil senor senora senorita sr sra srta don dona
    doctora llamado llamada llama
""")
_SHORT = _words("ofc ofcr sgt cpl lt capt det mr mrs ms dr sr sra srta st")
"""With a full stop, and like an initial with one, they end no sentence."""

_WRITTEN_LARGE = _words("""
    i i'm i'll i've i'd police officer officers department sheriff deputy sergeant sgt english spanish american
    monday tuesday wednesday thursday friday saturday sunday january february march april june july august september
    october november december christmas god ok usted ustedes policia oficial
""")
_AFTER_A_TITLE = _words("""
    said will may more ever real good best who was is and that to came did never told asked took were are had has
    el la de del le o e a pero bien nada mas dos
""")
"""Words that stand after a title as often as a name does."""

_EMERGENCY = "911"
_BADGE = 3
"""Shorter numbers are mostly times, ages and counts."""


class Lexicon(Struct, frozen=True):
    """Names of persons, and words that are ordinary ones, in small letters without accents."""

    names: frozenset[str]
    ordinary: frozenset[str]


def folded(word: str) -> str:
    """Return a word in small letters, without accents."""
    bare = unicodedata.normalize("NFKD", word.replace("\u2019", "'"))
    return "".join(letter for letter in bare if not unicodedata.combining(letter)).casefold()


def proposed(comment: str, lexicon: Lexicon) -> tuple[str, ...]:
    """Return the words of a comment that may name a person, each once, as they are written."""
    return tuple(dict.fromkeys(_found(comment, lexicon)))


def _found(comment: str, lexicon: Lexicon) -> Iterator[str]:
    shouted = comment.upper() == comment
    before, first, end, initialled = "", "", 0, False
    for match in _WORD.finditer(comment):
        word = _OWNERS.sub("", match[0])
        known, large = folded(word), word[0].isupper() and not shouted
        goes_on = comment[end : match.start()].strip() == "." and (before in _SHORT or len(before) == 1)
        begins = not goes_on and bool(_SENTENCE.search(comment[: match.start()]))
        if _may_name(known, before, lexicon, large=large and not begins, initialled=initialled):
            yield from filter(None, (first if large else "", word))
        # Behind a title and the initial of a first name stands a name.
        initialled = before in _TITLES and len(known) == 1 and comment[match.end() : match.end() + 1] == "."
        before, end = known, match.end()
        first = word if begins and large and known not in _WRITTEN_LARGE | _TITLES else ""


def _may_name(word: str, before: str, lexicon: Lexicon, *, large: bool, initialled: bool) -> bool:
    if any(map(str.isdigit, word)):
        return _may_be_a_badge(word, before)
    if word in _TITLES:
        return False
    if _LATIN.search(word):
        return True
    if (large and word not in _WRITTEN_LARGE) or _OF_A_CLAN.match(word):
        return True
    if initialled or (before in _TITLES and word in lexicon.names and word not in _AFTER_A_TITLE):
        return True
    parts = [part for part in re.split(r"['\-]", word) if len(part) > 1]
    return word not in lexicon.ordinary and not all(part in lexicon.ordinary for part in parts)


def _may_be_a_badge(word: str, before: str) -> bool:
    """Tell whether a number, or letters with one, may be that of a badge or a unit."""
    if word.isdigit():
        return word != _EMERGENCY and (len(word) >= _BADGE or before in _TITLES)
    return not _MEASURE.fullmatch(word)
