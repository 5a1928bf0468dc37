"""An agency's settings file → agency. `docs/agency/settings.md` is this file in words."""

import re
import tomllib

import msgspec

from chalicelib.domain.duration import decode_duration
from chalicelib.domain.settings.agency import Agency


class InvalidSettings(ValueError):
    """A settings file that can't be used; the text names the field or the line."""


def read_settings(text: str) -> Agency:
    """Read a settings file; InvalidSettings."""
    try:
        return msgspec.convert(tomllib.loads(text), Agency, dec_hook=decode_duration)
    except tomllib.TOMLDecodeError as problem:
        raise InvalidSettings(f"not TOML: {problem}") from problem
    except msgspec.ValidationError as problem:
        message, _, path = str(problem).replace("`", "").partition(" - at $")
        field = re.sub(r"\[\.\.\.\]", ".*", path.lstrip("."))
        raise InvalidSettings(f"{field}: {message}" if field else message) from problem
