"""The desk's style and script, under names that change with what is in them, so that a browser may keep them."""

import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from msgspec import Struct

from chalicelib.web import static

FOLDER = Path(static.__file__).with_name("desk")
_TYPES = {
    "desk.css": "text/css; charset=utf-8",
    "live.js": "text/javascript; charset=utf-8",
    "judge.js": "text/javascript; charset=utf-8",
}


class Asset(Struct, frozen=True):
    """A file as a browser gets it."""

    media_type: str
    body: str


@cache
def asset_names() -> Mapping[str, str]:
    """Return the name that each file is served under, such as `live.0f1e2d3c4b5a.js`."""
    return {name: _named(name) for name in _TYPES}


def asset(served_as: str) -> Asset | None:
    """Return the file that is served under a name, or None: the file of another release is not this one."""
    for name, known in asset_names().items():
        if known == served_as:
            return Asset(_TYPES[name], _read(name))
    return None


@cache
def _read(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")


def _named(name: str) -> str:
    stem, _, ending = name.partition(".")
    return f"{stem}.{hashlib.sha256(_read(name).encode()).hexdigest()[:12]}.{ending}"
