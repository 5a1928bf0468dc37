"""Phones and emails as those may see them who were given no reason to know more."""

import re
from functools import cached_property

from msgspec import Struct

_EMAIL = r"[^\s@“”,;:()]+@[^\s@“”,;:()]*[\w-]"
_PHONE = r"\+?\(?\d(?:[ ().+/-]{0,3}\d){9,}|(?<!\d)\d{3}[ .-]\d{4}(?!\d)"


class Mask(Struct, frozen=True, dict=True):
    """A mask for people's phones and emails; it leaves `ours`, numbers that name a call, a case or the agency."""

    reveal: bool = False
    ours: frozenset[str] = frozenset()

    def address(self, address: str) -> str:
        """Return as much of a phone or email as tells two people apart, or all of it."""
        if self.reveal:
            return address
        return f"{address[:1]}•••@•••" if "@" in address else f"(•••) •••-{address[-4:]}"

    def text(self, text: str) -> str:
        """Return a text without the addresses that somebody typed into it."""
        return text if self.reveal else self._pattern.sub(self._hidden, text)

    def _hidden(self, match: re.Match[str]) -> str:
        return match["ours"] or self.address(match[0])

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        ours = "|".join(map(re.escape, sorted(filter(None, self.ours), key=len, reverse=True))) or "(?!)"
        return re.compile(rf"(?<![\w-])(?P<ours>{ours})(?![\w-])|{_EMAIL}|{_PHONE}")
