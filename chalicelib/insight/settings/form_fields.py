"""The settings that forms of the desk have, each by its path in the one type of settings. Pure.

A form posts text. It is read as the type of its setting says: a whole number, an hour, a list with an entry on each
line. What can't be read so is kept as it was typed, and the check says what is wrong with it, in its own words.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from datetime import time
from enum import Enum
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from msgspec import NODEFAULT, Struct
from msgspec.structs import FieldInfo, fields

from chalicelib.domain.duration import Duration
from chalicelib.domain.settings.agency import Agency
from chalicelib.domain.settings.source import as_typed
from chalicelib.insight.settings.edit import edit, same, value_at
from chalicelib.insight.settings.entries import aligned
from chalicelib.insight.settings.finding import field_name
from chalicelib.insight.settings.locate import Path
from chalicelib.insight.settings.written import plain

Shape = Literal["line", "lines", "choice", "text"]
"""How a setting is asked for: on one line, an entry on each line, by choosing, or as a text of some lines."""

YES_NO = ("true", "false")


class Field(Struct, frozen=True, kw_only=True):
    """One setting of a form.

    `kind` is its type, `shape` how it is asked for, and `offers` what may be chosen. `usual` is what counts where the
    setting is not written, "" where nothing does; a `required` one must be. `about` is the name under which
    docs/agency/settings.md explains it. `also` names a table of which the check's findings stand at this setting too.
    """

    path: Path
    kind: Any
    shape: Shape
    offers: tuple[str, ...] = ()
    usual: str = ""
    about: str = ""
    required: bool = False
    also: str = ""

    @property
    def name(self) -> str:
        """Return the setting's name, as the check writes it."""
        return field_name(self.path)


def field(path: Path, *, about: str = "", shape: Shape | None = None) -> Field:
    """Return the form's field of a setting; LookupError for a path that no setting has."""
    kind, known = _kind_of(path)
    offers = _offers(kind)
    return Field(
        path=path,
        kind=kind,
        shape=shape or ("choice" if offers else "lines" if get_origin(kind) in (tuple, frozenset) else "line"),
        offers=offers,
        usual="" if known is None or known.required else shown(plain(_usual(known))),
        about=about or field_name(path),
        required=known is not None and known.required,
    )


def shown(value: Any) -> str:
    """Return a value as a form shows it; nothing for one that was not written."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return YES_NO[not value]
    if isinstance(value, list):
        return "\n".join(map(shown, value))
    return value.isoformat() if isinstance(value, time) else as_typed(str(value))


def fits(one: Field, value: Any) -> bool:
    """Tell whether a form can show a value and read it back as it is."""
    return value is None or same(read(one, shown(value)), value)


def read(one: Field, typed: str) -> Any:
    """Return what was typed as a settings file has it; None for nothing."""
    return _read(one.kind, typed) if typed.strip() else None


def given(text: str, data: Mapping[str, Any], one: Field, typed: str, origin: str = "") -> str:
    """Return a text of settings in which a field says what was typed; the text itself where it says so. Unwritable.

    `data` are the settings as the form showed them. A table that can't do without what was taken away goes with it, and
    so does one that may be left out: empty, it would say more than nothing.
    """
    if as_typed(typed) == shown(value_at(data, one.path)):
        return text
    origin, table = aligned(origin, data, one.path), one.path[:-1]
    changed = edit(text, one.path, read(one, as_typed(typed)), origin)
    if value_at(tomllib.loads(changed), table) == {} and _goes_when_empty(table):
        return edit(changed, table, None, origin)
    return changed


def every_path(kind: Any = Agency, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Yield the path of each setting of a type; `*` stands for any name of a table, and for any place of a list."""
    bare = _bare(kind)
    arms = [_bare(arm) for arm in get_args(bare)] if get_origin(bare) in (Union, UnionType) else [bare]
    for arm in arms:
        if isinstance(arm, type) and issubclass(arm, Struct):
            for each in fields(arm):
                yield from every_path(each.type, (*path, each.name))
        elif get_origin(arm) is dict:
            yield from every_path(get_args(arm)[1], (*path, "*"))
        elif get_origin(arm) in (tuple, frozenset) and _is_table(_bare(get_args(arm)[0])):
            yield from every_path(get_args(arm)[0], (*path, "*"))
        else:
            yield path


def _goes_when_empty(table: Path) -> bool:
    if not table or isinstance(table[-1], int):
        return False
    kind, known = _kind_of(table)
    left_out = known is not None and type(None) in get_args(known.type)
    return left_out or (_is_table(_bare(kind)) and any(each.required for each in fields(_bare(kind))))


def _is_table(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, Struct)


def _kind_of(path: Path) -> tuple[Any, FieldInfo | None]:
    """Return the type of a setting, and what is known of it where its name is one that we gave."""
    kind: Any = Agency
    found: FieldInfo | None = None
    for key in path:
        kind = _arm(kind, table=True)
        if _is_table(kind):
            found = next((each for each in fields(kind) if each.name == key), None)
            if found is None:
                raise LookupError(path)
            kind = found.type
        elif get_origin(kind) in (dict, tuple, frozenset):
            kind, found = get_args(kind)[1 if get_origin(kind) is dict else 0], None
        else:
            raise LookupError(path)
    return _arm(kind, table=False), found


def _usual(known: FieldInfo) -> Any:
    return known.default if known.default_factory is NODEFAULT else known.default_factory()


def _bare(kind: Any) -> Any:
    """Return a type without its limits; of one that may be left out, the type that it is else."""
    if get_origin(kind) is Annotated:
        return _bare(get_args(kind)[0])
    if get_origin(kind) in (Union, UnionType):
        arms = [arm for arm in get_args(kind) if arm is not type(None)]
        return _bare(arms[0]) if len(arms) == 1 else kind
    return kind


def _arm(kind: Any, *, table: bool) -> Any:
    """Return a type without its limits; of text or a table of texts, the one that is meant."""
    bare = _bare(kind)
    if get_origin(bare) not in (Union, UnionType):
        return bare
    return next(_bare(arm) for arm in get_args(bare) if (get_origin(_bare(arm)) is dict) == table)


def _offers(kind: Any) -> tuple[str, ...]:
    if kind is bool:
        return YES_NO
    if get_origin(kind) is Literal:
        return tuple(map(str, get_args(kind)))
    return tuple(map(str, kind)) if isinstance(kind, type) and issubclass(kind, Enum) else ()


def _read(kind: Any, typed: str) -> Any:
    if get_origin(kind) in (tuple, frozenset):
        lines = (line.strip() for line in typed.split("\n"))
        return [_read(_bare(get_args(kind)[0]), line) for line in lines if line]
    if kind is bool and typed in YES_NO:
        return typed == YES_NO[0]
    if kind is int and re.fullmatch(r"-?(0|[1-9][0-9]{0,14})", typed.strip(), re.ASCII):
        return int(typed)
    return _hour(typed) if kind is time else typed.strip() if kind is Duration else typed


def _hour(typed: str) -> Any:
    """Return an hour, with or without seconds; anything else as it was typed."""
    try:
        return time.fromisoformat(typed.strip()) if re.fullmatch(r"\s*\d\d:\d\d(:\d\d)?\s*", typed) else typed
    except ValueError:
        return typed
