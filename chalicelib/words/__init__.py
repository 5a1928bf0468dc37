"""What people read: one file a language, and the survey's page. Nothing else here is written for the public."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any


@cache
def load(language: str) -> dict[str, Any]:
    """Return one language's templates by channel and kind, as jinja2 source."""
    return tomllib.loads(read(f"{language}.toml"))


@cache
def read(name: str) -> str:
    """Return a file of this folder."""
    return Path(__file__).with_name(name).read_text(encoding="utf-8").strip()
