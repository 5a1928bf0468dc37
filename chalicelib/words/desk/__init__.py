"""The words of the desk, for people of the agency, by language: `{name}` is filled in."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

LANGUAGES = ("en", "es")


@cache
def load(language: str) -> Mapping[str, Any]:
    """Return one language's words, by page and name."""
    return tomllib.loads(Path(__file__).with_name(f"{language}.toml").read_text(encoding="utf-8"))


def find(language: str, name: str) -> str:
    """Return the words of a name such as `now.title`; KeyError where there are none."""
    found: Any = load(language)
    for part in name.split("."):
        found = found[part]
    return str(found)
