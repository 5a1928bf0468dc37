"""A regular expression that is compiled when it is first used.

The phrase books take 100 ms to compile, which every function would pay at its start and only those that read
what people write would ever use.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import cached_property, lru_cache


class Pattern:
    """What `re.compile` returns, as far as phrase books need it."""

    def __init__(self, source: str) -> None:
        self._source = source

    @cached_property
    def _compiled(self) -> re.Pattern[str]:
        return re.compile(self._source)

    def fullmatch(self, text: str) -> re.Match[str] | None:
        """Match a whole text."""
        return self._compiled.fullmatch(text)

    def match(self, text: str) -> re.Match[str] | None:
        """Match the beginning of a text."""
        return self._compiled.match(text)

    def search(self, text: str) -> re.Match[str] | None:
        """Find the first match anywhere in a text."""
        return self._compiled.search(text)

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        """Find every match in a text."""
        return self._compiled.finditer(text)

    def sub(self, by: str, text: str) -> str:
        """Return a text with something else in place of each match."""
        return self._compiled.sub(by, text)

    def split(self, text: str) -> list[str]:
        """Return what stands between the matches."""
        return self._compiled.split(text)


@lru_cache(maxsize=4096)
def plain_words(text: str) -> str:
    """Return the words alone: lower case, no accents, one space between."""
    bare = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", " ", bare.lower()).strip()
