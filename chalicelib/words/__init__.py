"""What people read, and the phrases that they write: files by language. Nothing else here is written for the public."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any


@cache
def load(language: str) -> dict[str, Any]:
    """Return one language's templates by channel and kind, as jinja2 source."""
    return tomllib.loads(Path(__file__).with_name(f"{language}.toml").read_text(encoding="utf-8"))
