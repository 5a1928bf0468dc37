"""What people read, and the phrases that they write: files by language. Nothing else here is written for the public.

Words between square brackets, such as `call[ or text] 911`, are for areas that take texts to 911. The brackets go when
a language is loaded, so that no reader of these files can forget to ask where its words will be read.
"""

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

_OFFER = re.compile(r"\[([^\[\]]*)\]")


@cache
def load(language: str, *, text_to_911: bool) -> dict[str, Any]:
    """Return one language's templates by channel and kind, as jinja2 source; they offer to text 911, or do not."""
    return {name: _worded(told, text_to_911) for name, told in written(language).items()}


def written(language: str) -> dict[str, Any]:
    """Return one language's templates as their file has them, with the brackets."""
    return tomllib.loads(Path(__file__).with_name(f"{language}.toml").read_text(encoding="utf-8"))


def _worded(told: Any, text_to_911: bool) -> Any:
    if isinstance(told, str):
        return _OFFER.sub(r"\1" if text_to_911 else "", told)
    return {name: _worded(part, text_to_911) for name, part in told.items()}
