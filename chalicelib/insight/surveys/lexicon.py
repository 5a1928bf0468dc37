"""The words by which names in comments are found, as one file that packaging makes for Lambda.

The libraries that have the words, and the two seconds in which they are read, are the command line's. The file has the
same words, so that both faces propose the same: the ordinary ones, and those names that decide something.
"""

from functools import cache
from pathlib import Path

from chalicelib import words
from chalicelib.domain.surveys.name_words import Lexicon

FILE = Path(words.__file__).parent / "lexicon.txt"
_APART = "\n\n"


def packed(known: Lexicon) -> str:
    """Return the file's text: the ordinary words, and those names that decide something.

    That are names among the ordinary words, of one letter or of several parts. Any other name is proposed because it is
    no ordinary word. The zip packs the text to a third.
    """
    names = (name for name in known.names if len(name) == 1 or not name.isalpha() or name in known.ordinary)
    return _APART.join("\n".join(sorted(each)) for each in (known.ordinary, names))


def unpacked(text: str) -> Lexicon:
    """Return the words of a file."""
    ordinary, names = text.split(_APART)
    return Lexicon(frozenset(names.split("\n")), frozenset(ordinary.split("\n")))


@cache
def lexicon() -> Lexicon:
    """Return the words of this package, read once a container; FileNotFoundError where nothing was packaged."""
    return unpacked(FILE.read_text(encoding="utf-8"))
