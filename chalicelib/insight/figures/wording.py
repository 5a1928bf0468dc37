"""The report's words and figures in a language."""

import re
import tomllib
from collections.abc import Iterable, Sequence
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from chalicelib.domain.surveys.fixed_cells import FEWEST
from chalicelib.insight.figures.quarter import Quarter
from chalicelib.insight.figures.statistics import Interval

SMALLEST = FEWEST
"""Groups of fewer are hidden."""

MANY = 1000
"""Of so many a share is worth a decimal."""

_WORDS = Path(__file__).parent / "words"
LANGUAGES = tuple(sorted(path.stem for path in _WORDS.glob("*.toml")))


class Wording:
    """The report's words in one language; `say("part.name", field=…)`."""

    def __init__(self, language: str) -> None:
        self.language = language

    @cached_property
    def _words(self) -> dict[str, Any]:
        return tomllib.loads((_WORDS / f"{self.language}.toml").read_text(encoding="utf-8"))

    def say(self, name: str, **fields: str) -> str:
        """Return words with their fields filled in."""
        part, _, key = name.partition(".")
        text: str = self._words[part][key]
        return self._in_sentences(text.format(**fields))

    def several(self, name: str) -> Sequence[str]:
        """Return a list of words."""
        part, _, key = name.partition(".")
        found: list[str] = self._words[part][key]
        return found

    def known(self, part: str, key: str) -> str:
        """Return the word for a code, or the code itself in plain letters where there is none."""
        word: str = self._words[part].get(key, key.replace("_", " "))
        return word

    @property
    def under(self) -> str:
        """Return what stands for a few people."""
        return self.say("form.under", smallest=str(SMALLEST))

    def hidden(self, counts: Iterable[int]) -> str:
        """Return what stands for hidden counts: that they are few is said only where all of them are."""
        return self.under if all(0 < count < SMALLEST for count in counts) else self.say("form.hidden")

    def caption(self, caption: str, *, hidden: bool) -> str:
        """Return a table's caption, which says why some of its figures are hidden."""
        return self.say("form.why_hidden", caption=caption) if hidden else caption

    def count(self, number: int) -> str:
        """Return a number; a few people are only `under 5`, so that nobody is found among them."""
        return self.under if 0 < number < SMALLEST else f"{number:,}"

    def share(self, share: float, of: int) -> str:
        """Return a share as a percentage, as exact as its base allows."""
        return self.say("form.percent", value=self._percent(share, of))

    def share_in(self, share: float, interval: Interval, of: int) -> str:
        """Return a share with its interval."""
        low, high = self._percent(interval.low, of), self._percent(interval.high, of)
        return self.say("form.interval", value=self.share(share, of), low=low, high=high)

    def mean(self, mean: float) -> str:
        """Return a mean mark alone."""
        return f"{mean:.2f}"

    def mean_in(self, mean: float, interval: Interval) -> str:
        """Return a mean mark with its interval."""
        return self.say("form.interval", value=self.mean(mean), low=f"{interval.low:.2f}", high=f"{interval.high:.2f}")

    def points(self, by: float) -> str:
        """Return a difference of shares in points, without its sign."""
        return self.say("form.points", value=f"{abs(by) * 100:.1f}")

    def quarter(self, quarter: Quarter) -> str:
        """Return a quarter in words."""
        first, last = (self.several("form.months")[day.month - 1] for day in (quarter.first, quarter.last))
        return self.say("form.quarter", first=first, last=last, year=str(quarter.year))

    def counted(self, quarter: Quarter, unfinished: date | None) -> str:
        """Return a quarter in words; of one that is not over, the day up to which it is counted too."""
        told = self.quarter(quarter)
        return self.say("title.unfinished", quarter=told, day=self.day(unfinished)) if unfinished else told

    def month(self, month: str, short: bool = False) -> str:
        """Return a month, YYYY-MM, in words."""
        name = self.several("form.short_months" if short else "form.months")[int(month[5:]) - 1]
        return f"{name} {month[:4]}" if short else self.say("form.of_month", month=name, year=month[:4])

    def day(self, day: date) -> str:
        """Return a day in words."""
        return self.say(
            "form.day", month=self.several("form.months")[day.month - 1], day=str(day.day), year=str(day.year)
        )

    def _in_sentences(self, text: str) -> str:
        """Return words in which a sentence begins with a capital, also where it begins with `under 5`."""
        if not text.endswith("."):
            return text
        under = self.under
        return re.sub(rf"(?:^|(?<=\. )){re.escape(under)}", under[0].upper() + under[1:], text)

    def _percent(self, share: float, of: int) -> str:
        return f"{share * 100:.1f}" if of >= MANY else f"{share * 100:.0f}"
