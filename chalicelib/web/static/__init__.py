"""The files of our pages: templates, one style, one script, and the description of the webhooks."""

from functools import cache
from pathlib import Path


@cache
def read(name: str) -> str:
    """Return a file of this folder."""
    return Path(__file__).with_name(name).read_text(encoding="utf-8").strip()
