"""The one way to a terminal. Whatever is said there is text: no markup, no command, nothing unseen.

`tests/house/test_harmless.py` holds every command to it: nothing else prints.
"""

import csv
import json
import sys
from collections.abc import Iterable, Sequence
from typing import IO, Any

import msgspec
from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment
from rich.text import Text

from chalicelib.domain.harmless import as_cell, as_json, as_line, as_text


class Screen(Console):
    """rich's console, on which brackets are brackets; style comes from `Text` and `style=` alone."""

    def __init__(
        self,
        *,
        errors: bool = False,
        file: IO[str] | None = None,
        width: int | None = None,
        plain: bool = False,
        record: bool = False,
        quiet: bool = False,
    ) -> None:
        super().__init__(
            stderr=errors,
            file=file,
            width=width,
            record=record,
            quiet=quiet,
            color_system=None if plain else "auto",
            markup=False,
            emoji=False,
            highlight=False,
        )

    def render_str(self, text: str, **how: Any) -> Text:
        """Return a text as it is said."""
        return super().render_str(as_text(text), **how)

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        """Render one part; parts within parts come here too."""
        return super().render(_harmless(renderable) if isinstance(renderable, Text) else renderable, options)


def say(words: object = "", *, errors: bool = False, flush: bool = False) -> None:
    """Print words that keep their own lines."""
    print(as_text(str(words)), file=sys.stderr if errors else sys.stdout, flush=flush)


def warn(words: str) -> None:
    """Print words beside what a command answers."""
    say(words, errors=True)


def say_line(words: object, *, errors: bool = False) -> None:
    """Print one line, whatever is in it."""
    say(as_line(str(words)), errors=errors)


def say_json(told: object, *, indent: int | None = 1) -> None:
    """Print a value as JSON, for programs: it says all that there is, and what is unseen by its number."""
    print(json_of(told, indent=indent))


def json_of(told: object, *, indent: int | None = 1) -> str:
    """Return a value as JSON that a terminal may show."""
    plain = msgspec.to_builtins(told, str_keys=True)
    return as_json(json.dumps(plain, ensure_ascii=False, indent=indent))


def say_csv(rows: Iterable[Sequence[object]]) -> None:
    """Print rows for a spreadsheet."""
    csv.writer(sys.stdout).writerows(map(as_cell, row) for row in rows)


def _harmless(words: Text) -> Text:
    """Return the same text where it is harmless, else its words in its own style alone."""
    told = as_text(words.plain)
    if told == words.plain:
        return words
    style, justify, overflow = words.style, words.justify, words.overflow
    return Text(told, style=style, justify=justify, overflow=overflow, no_wrap=words.no_wrap, end=words.end)
