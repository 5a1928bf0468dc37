"""Settings as TOML: the text that was published where it is known, else one that is written from the values."""

import re
import tomllib
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from datetime import time
from typing import Any

import msgspec
from msgspec import NODEFAULT, UNSET, Struct
from msgspec.structs import fields

from chalicelib.domain.duration import encode_duration
from chalicelib.domain.harmless import as_text
from chalicelib.domain.settings.agency import Agency
from chalicelib.domain.settings.judgements import Judgements
from chalicelib.domain.settings.source import MOST_TEXT, alike, unseen_line
from chalicelib.insight.settings.shape import convert
from chalicelib.wiring import Aws

JUDGEMENTS = "judgements"
_APART = frozenset({"version", JUDGEMENTS})
_ABOVE = (
    "# The {count} judgements in force are not in this file: the page Judge, or a file that it names by `judgements`,\n"
    "# has them. A draft at the desk keeps them as they are.\n"
)


class Written(Struct, frozen=True):
    """Settings as TOML; `kept` tells that it is the text as it was published, with its comments and its order."""

    text: str
    kept: bool


def written(aws: Aws, agency: Agency) -> Written:
    """Return a published version as TOML."""
    text = aws.settings.source(agency.agency_id, agency.version)
    if text and source_of(text, agency):
        return Written(text, kept=True)
    return Written(as_toml(agency), kept=False)


def source_of(text: str, agency: Agency) -> str:
    """Return a text if an agency's settings are read from it alone, else "": one that extends others is no source."""
    if len(text.encode()) > MOST_TEXT or unseen_line(text):
        return ""
    try:
        data = with_judgements(tomllib.loads(text), agency.judgements)
    except tomllib.TOMLDecodeError:
        return ""
    read, _ = convert(data)
    return text if read is not None and alike(read, agency) else ""


def with_judgements(data: Mapping[str, Any], judgements: Judgements) -> dict[str, Any]:
    """Return what was read from a text, with the judgements in force where it has none of its own."""
    told = dict(data)
    if not isinstance(told.get(JUDGEMENTS), dict):
        told[JUDGEMENTS] = msgspec.to_builtins(judgements)
    return told


def as_toml(agency: Agency) -> str:
    """Return TOML from which the same settings are read, without what is as usual, the version and judgements."""
    import tomlkit

    told = {name: value for name, value in _of_struct(agency).items() if name not in _APART}
    ordered = dict(sorted(told.items(), key=lambda item: _is_table(item[1])))
    many = len(agency.judgements.entries)
    above = _ABOVE.format(count=f"{many:,}") if many else ""
    return above + _seen(tomlkit.dumps(ordered))


def _of_struct(value: Struct) -> dict[str, Any]:
    """Return the fields of a struct that are not as they would be if nobody had written them."""
    told = {}
    for field in fields(type(value)):
        given = getattr(value, field.name)
        usual = field.default if field.default_factory is NODEFAULT else field.default_factory()
        if given is not None and given is not UNSET and given != usual:
            told[field.encode_name] = plain(given)
    return told


def plain(value: Any) -> Any:
    """Return a value of a setting as a settings file has it: tables, lists, texts, numbers and hours."""
    if isinstance(value, Struct):
        return _of_struct(value)
    if isinstance(value, Mapping):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, AbstractSet):
        return sorted(map(plain, value))
    if isinstance(value, time):
        return value
    if isinstance(value, tuple | list):
        return [plain(each) for each in value]
    return msgspec.to_builtins(value, enc_hook=encode_duration)


def _is_table(value: Any) -> bool:
    """Tell whether a value is written under a header of its own: those stand below all others."""
    return isinstance(value, dict) or (isinstance(value, list) and bool(value) and isinstance(value[0], dict))


def _seen(text: str) -> str:
    """Return TOML with each character that nobody sees written as its number; it stands in a string, nowhere else."""
    return re.sub(r"[^\n\x20-\x7e]", _numbered, text)


def _numbered(found: re.Match[str]) -> str:
    character = found[0]
    return character if as_text(character) == character else f"\\U{ord(character):08X}"
