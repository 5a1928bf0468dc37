"""An agency's settings file → agency. `docs/agency/settings.md` is this file in words."""

import re
import tomllib
from typing import Any

import msgspec

from chalicelib.domain.duration import decode_duration
from chalicelib.domain.settings.agency import Agency
from chalicelib.domain.settings.judgements import Judgements
from chalicelib.inbound.judgements import InvalidJudgements, read_judgements


class InvalidSettings(ValueError):
    """A settings file that can't be used; the text names the field or the line."""


def read_settings(text: str, judgements: str | None = None) -> Agency:
    """Read a settings file, with the text of the judgements that it names; InvalidSettings."""
    try:
        data = tomllib.loads(text)
        if judgements is not None:
            data["judgements"] = plain(read_judgements(judgements))
        return msgspec.convert(data, Agency, dec_hook=decode_duration)
    except InvalidJudgements as problem:
        raise InvalidSettings(f"judgements: {problem}") from problem
    except tomllib.TOMLDecodeError as problem:
        raise InvalidSettings(f"not TOML: {problem}") from problem
    except msgspec.ValidationError as problem:
        message, _, path = str(problem).replace("`", "").partition(" - at $")
        field = re.sub(r"\[\.\.\.\]", ".*", path.lstrip("."))
        raise InvalidSettings(f"{field}: {message}" if field else message) from problem


def plain(judgements: Judgements) -> Any:
    """Return judgements as a settings file would hold them."""
    return msgspec.to_builtins(judgements)
