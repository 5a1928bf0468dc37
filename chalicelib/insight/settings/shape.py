"""Settings as `tomllib` read them → agency, or everything that keeps them from being one, each with its path.

msgspec stops at the first value that it can't use, and says what it is to a programmer. So each
part that fails is tried again by itself, down to the smallest; what fails there is explained.
"""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

import msgspec
from msgspec import Struct
from msgspec.structs import fields

from chalicelib.domain.duration import decode_duration
from chalicelib.domain.settings.agency import Agency
from chalicelib.inbound.settings import phones_alike
from chalicelib.insight.settings.error_words import choices_of, explain, explain_together
from chalicelib.insight.settings.finding import Finding, error
from chalicelib.insight.settings.locate import Path


def convert(data: Mapping[str, Any]) -> tuple[Agency | None, tuple[Finding, ...]]:
    """Return the agency; where the settings can't be used, None and at least one error."""
    data = phones_alike(data)
    said = _failure(data, Agency)
    if said is None:
        return msgspec.convert(data, Agency, dec_hook=decode_duration), ()
    found = tuple(_problems(data, Agency, ()))
    return None, found or (explain_together(data, said),)


def _failure(value: Any, kind: Any) -> str | None:
    """Return what msgspec says of a value that it can't use."""
    try:
        msgspec.convert(value, kind, dec_hook=decode_duration)
    except msgspec.ValidationError as problem:
        return str(problem)
    return None


def _problems(value: Any, kind: Any, path: Path) -> Iterator[Finding]:
    """Yield what is wrong with a value: with its smallest parts if it is they, else with the whole."""
    said = _failure(value, kind)
    if said is None:
        return
    bare = _bare(kind, value)
    found = [*_names(value, bare, path)]
    for part, part_kind, key in _parts(value, bare):
        found += _problems(part, part_kind, (*path, key))
    if not found and path:
        found = [explain(said, value, bare, path)]
    yield from found


def _bare(kind: Any, value: Any) -> Any:
    """Return a type without its limits, and of several types the one that the value was meant to be."""
    if get_origin(kind) is Annotated:
        return _bare(get_args(kind)[0], value)
    if get_origin(kind) in (Union, UnionType):
        arms = [arm for arm in get_args(kind) if arm is not type(None)]
        tables = [arm for arm in arms if get_origin(arm) is dict]
        return _bare(tables[0] if tables and isinstance(value, dict) else arms[0], value)
    return kind


def _parts(value: Any, kind: Any) -> Iterator[tuple[Any, Any, str | int]]:
    """Yield each part of a table or list, its type, and its key or place."""
    if _is_struct(kind) and isinstance(value, dict):
        for field in fields(kind):
            if field.name in value:
                yield value[field.name], field.type, field.name
    elif get_origin(kind) is dict and isinstance(value, dict):
        for key, part in value.items():
            yield part, get_args(kind)[1], key
    elif get_origin(kind) in (tuple, frozenset) and isinstance(value, list):
        for place, part in enumerate(value):
            yield part, get_args(kind)[0], place


def _names(value: Any, kind: Any, path: Path) -> Iterator[Finding]:
    """Yield the names that a table has and should not, and those that it should have and has not."""
    if not isinstance(value, dict):
        return
    if get_origin(kind) is dict:
        for key in value:
            if _failure(key, get_args(kind)[0]) is not None:
                choices = choices_of(get_args(kind)[0])
                yield error((*path, key), f"{key!r} is none of: {', '.join(choices)}", _nearest(key, choices))
    if _is_struct(kind):
        known = {field.name: field for field in fields(kind)}
        meant = {key: _nearest(key, list(known)) for key in value if key not in known}
        for key, near in meant.items():
            yield error((*path, key), "no such setting", near or _home(key, path, list(known)))
        for field in known.values():
            if field.required and field.name not in value and f"did you mean {field.name}?" not in meant.values():
                yield _missing(field.name, field.type, path)


def _missing(name: str, kind: Any, path: Path) -> Finding:
    if _is_struct(_bare(kind, None)):
        return error((*path, name), "missing", f"add a table [{name}]; docs/agency/settings.md has what belongs in it")
    example = _EXAMPLES.get(name, f'{name} = "..."')
    why = ": whoever signs the settings must know what is allowed" if name == "description" else ""
    return error((*path, name), "missing", f"write {example}{why}")


def _nearest(key: str, known: list[str]) -> str:
    near = get_close_matches(key.lower(), known, n=1)
    return f"did you mean {near[0]}?" if near else ""


def _home(key: str, path: Path, known: list[str]) -> str:
    """Say where a setting belongs that stands in the wrong table, or what the table knows."""
    tables = [field.name for field in fields(Agency) if key in _fields_of(field.type)]
    if path and key in _fields_of(Agency):
        return f"{key} belongs at the top of the file, before the first [table]"
    if tables:
        return f"it belongs under [{tables[0]}]"
    return f"known here: {', '.join(name for name in known if name != 'version')}"


def _fields_of(kind: Any) -> list[str]:
    bare = _bare(kind, None)
    return [field.name for field in fields(bare)] if _is_struct(bare) else []


def _is_struct(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, Struct)


_EXAMPLES = {
    "agency_id": 'agency_id = "springfield"',
    "name": 'name = "Springfield Police Department"',
    "short_name": 'short_name = "Springfield PD"',
    "time_zone": 'time_zone = "America/Denver"',
    "non_emergency": 'non_emergency = "303-555-0100"',
    "sms_from": 'sms_from = "+13035550199"',
    "email_from": 'email_from = "no-reply@springfield.example"',
    "link": 'link = "https://tell.springfield.example/s"',
    "codes": 'codes = ["NOISE"]',
    "description": 'description = "Noise complaint"',
    "beats": 'beats = ["6*"]',
    "start": "start = 08:00:00",
    "end": "end = 20:00:00",
    "id": 'id = "respect"',
    "text": 'text = { en = "I was treated with respect." }',
}
"""An example of each setting that has no default."""
