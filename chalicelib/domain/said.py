"""What people write to us, as it is compared with phrases: plain words, sentence by sentence.

Phones write curly apostrophes, no-break spaces and signs for emergencies, and people in a hurry leave apostrophes out
or hold a key. All tables of phrases are read through this module, so each of them knows all of that.
"""

import re
import unicodedata
from itertools import chain

APOSTROPHES = dict.fromkeys(map(ord, "\u2018\u2019\u201a\u201b\u02bb\u02bc\u02b9\u2032\u00b4`\u055a\ua78c\uff07"), "'")
"""Characters that stand for an apostrophe on one phone or another."""

_SIGNS = {
    "\N{SQUARED SOS}": ". sos .",
    "\N{POLICE CARS REVOLVING LIGHT}": ". sos .",
    "\N{PISTOL}": " gun ",
    "\N{HOCHO}": " knife ",
    "\N{DAGGER KNIFE}": " knife ",
    "\N{DROP OF BLOOD}": " bleeding ",
    "\N{AMBULANCE}": " ambulance ",
    "\N{POLICE CAR}": " police ",
    "\N{POLICE OFFICER}": " police ",
}
"""Signs that people send in place of words; one for an emergency is a sentence of its own."""

_WRITTEN = str.maketrans({**_SIGNS, **dict.fromkeys("\u2026\u3002\u2028\u2029\u0085\r", "\n")})
_SENTENCES = re.compile(r"[.!?;\n]+")
_DOTTED = re.compile(r"(?<![a-z0-9])([a-z0-9])[.](?=[a-z0-9](?![a-z0-9]))")
_OTHERS = re.compile(r"[^a-z0-9]+")
_SHORT = re.compile(
    r"\b(he|she|there|who|that|someone|somebody|what|where)(s)\b|\b(they|you)(re|ll|ve)\b|\b(we)(ve)\b"
    r"|\b(is|are|was|were|did|do|does|has|have|had|would|could|should)n(t)\b"
)
"""Short forms without their apostrophe; other words, such as "well" and "hell", may be meant as they stand."""

_HELD = re.compile(r"([a-z])\1{2,}")


def said_words(text: str) -> str:
    """Return what somebody wrote as words alone: lower case, no accents, one space between."""
    return _words(_bare(text))


def readings(text: str) -> tuple[str, ...]:
    """Return a text with its punctuation as it may be meant: a letter that is held stands for one, or for two."""
    bare = _bare(text)
    if not _HELD.search(bare):
        return (bare,)
    return tuple(dict.fromkeys((bare, _HELD.sub(r"\1", bare), _HELD.sub(r"\1\1", bare))))


def sentences(text: str) -> tuple[str, ...]:
    """Return the sentences of each reading in plain words, without empty ones."""
    parts = chain.from_iterable(map(_SENTENCES.split, readings(text)))
    return tuple(dict.fromkeys(filter(None, map(_words, parts))))


def written_sentences(text: str) -> tuple[str, ...]:
    """Return the sentences of each reading with their punctuation inside."""
    return tuple(chain.from_iterable(map(_SENTENCES.split, readings(text))))


def _bare(text: str) -> str:
    """Return a text in the letters, digits and signs of a keyboard, in lower case."""
    known = unicodedata.normalize("NFKD", text.translate(APOSTROPHES)).translate(_WRITTEN)
    bare = known if known.isascii() else "".join(map(_on_keyboard, known))
    return _DOTTED.sub(r"\1", bare.lower())


def _on_keyboard(character: str) -> str:
    """Return a character as it is typed: nothing for marks and other scripts, a blank for other signs."""
    if character.isascii():
        return character
    return "" if unicodedata.category(character)[0] in "LM" or unicodedata.category(character) == "Cf" else " "


def _words(bare: str) -> str:
    return _SHORT.sub(_apart, _OTHERS.sub(" ", bare)).strip()


def _apart(match: re.Match[str]) -> str:
    word = match[0]
    if word.endswith("nt"):
        return f"{word[:-1]} t"
    first, end = (part for part in match.groups() if part)
    return f"{first} {end}"
