"""An agency's settings file → agency. `docs/agency/settings.md` is this file in words."""

import re
import tomllib
from collections.abc import Mapping
from typing import Any

import msgspec

from chalicelib.domain.duration import decode_duration
from chalicelib.domain.phones import as_dialled, spoken_number
from chalicelib.domain.settings.agency import Agency
from chalicelib.domain.settings.judgements import Judgements
from chalicelib.inbound.judgements import InvalidJudgements, read_judgements

_READ = "non_emergency"
"""The phone that people read and dial: as the agency writes it."""


class InvalidSettings(ValueError):
    """A settings file that can't be used; the text names the field or the line."""


def read_settings(text: str, judgements: str | None = None) -> Agency:
    """Read a settings file, with the text of the judgements that it names; InvalidSettings."""
    try:
        data = tomllib.loads(text)
        if judgements is not None:
            data["judgements"] = plain(read_judgements(judgements))
        return msgspec.convert(phones_alike(data), Agency, dec_hook=decode_duration)
    except InvalidJudgements as problem:
        raise InvalidSettings(f"judgements: {problem}") from problem
    except tomllib.TOMLDecodeError as problem:
        raise InvalidSettings(f"not TOML: {problem}") from problem
    except msgspec.ValidationError as problem:
        message, _, path = str(problem).replace("`", "").partition(" - at $")
        field = re.sub(r"\[\.\.\.\]", ".*", path.lstrip("."))
        raise InvalidSettings(f"{field}: {message}" if field else message) from problem


def phones_alike(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return settings with every phone in one form, however it was written: E.164, or as people read it at home.

    What is no phone stays as it is, for the check to name.
    """
    country = data.get("country", "US")
    told = dict(data)
    if isinstance(data.get("numbers"), dict):
        told["numbers"] = {name: _phone(name, value, country) for name, value in data["numbers"].items()}
    if isinstance(data.get("institutional_numbers"), list):
        told["institutional_numbers"] = [_phone("", value, country) for value in data["institutional_numbers"]]
    if isinstance(data.get("cities"), list):
        told["cities"] = [
            city | {_READ: _phone(_READ, city[_READ], country)} if isinstance(city, dict) and _READ in city else city
            for city in data["cities"]
        ]
    return told


def _phone(name: str, value: object, country: object) -> object:
    """Return one phone as the rest of us keeps it."""
    if not isinstance(value, str) or not isinstance(country, str) or name == "email_from":
        return value
    if name != _READ:
        return as_dialled(value, country)
    value = value.strip()
    dialled = as_dialled(value, country)
    return spoken_number(dialled) if value.startswith("+") and dialled.startswith("+") else value


def plain(judgements: Judgements) -> Any:
    """Return judgements as a settings file would hold them."""
    return msgspec.to_builtins(judgements)
