"""A finding of the check: its value, its severity, its message and a hint."""

import re
from pathlib import Path as File
from typing import Literal

from msgspec import Struct

from chalicelib.insight.settings.locate import Path

Severity = Literal["error", "warning"]


class Finding(Struct, frozen=True, kw_only=True):
    """One thing that is wrong with the settings, or that people may not have meant."""

    path: Path
    message: str
    hint: str = ""
    severity: Severity = "error"


class Found(Struct, frozen=True, kw_only=True):
    """A finding with its place: what people see, and what programs get as JSON."""

    file: File
    line: int
    field: str
    severity: Severity
    message: str
    hint: str = ""

    def __str__(self) -> str:
        """Write it in one line, the hint apart."""
        field = f"{self.field}: " if self.field else ""
        return f"{self.file}:{self.line}: {self.severity}: {field}{self.message}"


def warning(path: Path, message: str, hint: str = "") -> Finding:
    """Return what does not keep the settings from being used."""
    return Finding(path=path, message=message, hint=hint, severity="warning")


def error(path: Path, message: str, hint: str = "") -> Finding:
    """Return what keeps the settings from being used."""
    return Finding(path=path, message=message, hint=hint)


def field_name(path: Path) -> str:
    """Return a path as people write it: `incident_types[0].codes`, with quotes where TOML wants them."""
    name = ""
    for part in path:
        if isinstance(part, int):
            name += f"[{part}]"
        else:
            word = part if re.fullmatch(r"[A-Za-z0-9_-]+", part) else f'"{part}"'
            name += f".{word}" if name else word
    return name
