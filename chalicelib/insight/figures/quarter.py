"""A quarter of a year, as people name it: 2026Q3."""

import re
from datetime import date, timedelta
from typing import Self

from msgspec import Struct

MONTHS = 3
_NAMED = re.compile("(2[0-9]{3})Q([1-4])")
"""A year far from ours has no neighbor that a date can have, and no lake has answers of it."""


class NoQuarter(ValueError):
    """A text that names no quarter."""


class Quarter(Struct, frozen=True, order=True):
    """A quarter."""

    year: int
    number: int

    @classmethod
    def named(cls, text: str) -> Self:
        """Read a quarter's name; NoQuarter."""
        found = _NAMED.fullmatch(text.strip().upper())
        if not found:
            raise NoQuarter(f"--quarter: {text!r} is no quarter such as 2026Q3")
        return cls(int(found[1]), int(found[2]))

    @property
    def name(self) -> str:
        """Return its name."""
        return f"{self.year}Q{self.number}"

    @property
    def first(self) -> date:
        """Return its first day."""
        return date(self.year, self.first_month, 1)

    @property
    def first_month(self) -> int:
        """Return its first month's number."""
        return MONTHS * (self.number - 1) + 1

    @property
    def last(self) -> date:
        """Return its last day."""
        return self.next.first - timedelta(days=1)

    @property
    def next(self) -> "Quarter":
        """Return the one after it."""
        return Quarter(self.year, self.number + 1) if self.number < 4 else Quarter(self.year + 1, 1)  # noqa: PLR2004

    @property
    def previous(self) -> "Quarter":
        """Return the one before it."""
        return Quarter(self.year, self.number - 1) if self.number > 1 else Quarter(self.year - 1, 4)

    @property
    def months(self) -> tuple[str, ...]:
        """Return its months as the lake has them: YYYY-MM."""
        return tuple(f"{self.year}-{self.first_month + step:02}" for step in range(MONTHS))

    @property
    def year_before(self) -> date:
        """Return the first day of the twelve months that end with it."""
        return date(self.last.year - (self.number < 4), (self.last.month % 12) + 1, 1)  # noqa: PLR2004
