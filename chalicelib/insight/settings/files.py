"""A settings file and what it extends, as one whole; and for each value the file and line that it comes from."""

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path as File
from typing import Any

from msgspec import Struct

from chalicelib.domain.settings.agency import Agency
from chalicelib.inbound.judgements import InvalidJudgements, read_judgements
from chalicelib.inbound.settings import InvalidSettings, plain
from chalicelib.insight.settings.finding import Finding, Found, field_name
from chalicelib.insight.settings.leave_out import LEAVE_OUT, without, wrong
from chalicelib.insight.settings.locate import Path, lines
from chalicelib.insight.settings.shape import convert
from chalicelib.insight.settings.syntax import not_text, not_toml

_TYPES = "incident_types"
_JUDGEMENTS = "judgements"


class Broken(InvalidSettings):
    """A file that can't be read as settings at all."""

    def __init__(self, found: Found) -> None:
        super().__init__(f"{found} ({found.hint})" if found.hint else str(found))
        self.found = found


class Spot(Struct, frozen=True):
    """Where a value is written: its file, its line, and its path in that file."""

    file: File
    line: int
    path: Path


class Layer(Struct, frozen=True):
    """Settings as they were read, from one file or from several that extend each other."""

    file: File
    data: dict[str, Any]
    spots: Mapping[Path, Spot]

    def place(self, finding: Finding) -> Found:
        """Return a finding with the file and line of its value, or of the nearest table around it."""
        known = finding.path
        while known and known not in self.spots:
            known = known[:-1]
        spot = self.spots.get(known, Spot(self.file, 1, ()))
        return Found(
            file=spot.file,
            line=spot.line,
            field=_in_one_line(field_name(spot.path + finding.path[len(known) :])),
            severity=finding.severity,
            message=_in_one_line(finding.message),
            hint=_in_one_line(finding.hint),
        )


def load_settings(file: File) -> Agency:
    """Read an agency's settings; OSError, or InvalidSettings that names the file, the line and the field."""
    layer = read(file)
    agency, findings = convert(layer.data)
    if agency is None:
        raise Broken(layer.place(findings[0]))
    return agency


def read(file: File, above: tuple[File, ...] = ()) -> Layer:
    """Read a file and what it extends; OSError for the file itself, Broken for what is in it.

    `above` are the files that lead here by extending each other.
    """
    own = read_text(file, _text(file))
    judge(own)
    base = own.data.pop("extends", None)
    return own if base is None else _extended(own, base, (*above, file))


def read_text(file: File, text: str) -> Layer:
    """Read a text as the settings of a file of that name, which need not be there; Broken for what is no TOML."""
    try:
        data = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as problem:
        raise Broken(not_toml(file, text, problem)) from problem
    return Layer(file, data, {path: Spot(file, line, path) for path, line in lines(text).items()})


def judge(own: Layer) -> None:
    """Put the judgements that a file names in the place of their file's name; Broken."""
    name = own.data.get(_JUDGEMENTS)
    if not isinstance(name, str):
        return
    file = own.file.parent / name
    try:
        own.data[_JUDGEMENTS] = plain(read_judgements(_text(file)))
    except OSError as problem:
        hint = "it belongs beside the file that names it: copy the two together"
        raise Broken(own.place(Finding(path=(_JUDGEMENTS,), message=f"{name} can't be read", hint=hint))) from problem
    except InvalidJudgements as problem:
        raise Broken(
            Found(file=file, line=problem.line, field="", severity="error", message=_in_one_line(problem.problem))
        ) from problem


def _in_one_line(text: str) -> str:
    """Return what may quote a text of several lines as one."""
    return " ".join(text.split())


def _text(file: File) -> str:
    content = file.read_bytes()
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as problem:
        raise Broken(not_text(file, content, problem)) from problem


def _extended(own: Layer, base: object, chain: tuple[File, ...]) -> Layer:
    if not isinstance(base, str):
        raise _refused(own, "expected text", 'write extends = "starter.toml"')
    file = own.file.parent / base
    if file.resolve() in {each.resolve() for each in chain}:
        raise _refused(own, f"a circle: {base} leads back to itself", "a default can't extend what extends it")
    wanted = own.data.pop(LEAVE_OUT, {})
    try:
        below = read(file, chain)
        for each in wrong(below.data, wanted):
            raise Broken(own.place(Finding(path=each.path, message=each.message, hint=each.hint)))
        kept = Layer(below.file, without(below.data, wanted), below.spots)
        return _joined(kept, own, frozenset(wanted.get(_TYPES, ())))
    except OSError as problem:
        raise _refused(own, f"{base} can't be read", "a path is relative to the file that names it") from problem


def _refused(own: Layer, message: str, hint: str) -> Broken:
    return Broken(own.place(Finding(path=("extends",), message=message, hint=hint)))


def _joined(base: Layer, own: Layer, left_out: frozenset[str]) -> Layer:
    """Return a default with a file laid over it: tables by key, types one after the other, the rest as it stands."""
    types = own.data.get(_TYPES, [])
    spots = {path: spot for path, spot in base.spots.items() if not _covered(path, own.data)} | dict(own.spots)
    joined = Layer(own.file, laid_over(base.data, own.data), spots)
    if not (_is_types(base.data.get(_TYPES)) and _is_types(types)) or not (types or left_out):
        return joined
    entries = [*_entries(own, frozenset()), *_entries(base, _codes(types) | left_out)]
    spots = {path: spot for path, spot in spots.items() if path[0] != _TYPES or len(path) == 1}
    for place, (_, entry_spots) in enumerate(entries):
        spots |= {(_TYPES, place, *rest): spot for rest, spot in entry_spots.items()}
    return Layer(own.file, {**joined.data, _TYPES: [entry for entry, _ in entries]}, spots)


def laid_over(base: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    """Return settings with others laid over them: tables by key, the rest as it stands."""
    both = {key for key in own if isinstance(own[key], dict) and isinstance(base.get(key), dict)}
    return base | own | {key: laid_over(base[key], own[key]) for key in both}


def _covered(path: Path, own: Any) -> bool:
    """Tell whether a file has a value of its own in the place of the default's."""
    for key in path:
        if not isinstance(own, dict):
            return True
        if key not in own:
            return False
        own = own[key]
    return True


def _entries(layer: Layer, taken: frozenset[str]) -> Iterator[tuple[dict[str, Any], dict[Path, Spot]]]:
    """Yield each entry of a layer's types without the codes that were taken away, and where its parts are written."""
    for place, entry in enumerate(layer.data.get(_TYPES, ())):
        kept = [number for number, code in enumerate(entry["codes"]) if code not in taken]
        spots = {path[2:]: spot for path, spot in layer.spots.items() if path[:2] == (_TYPES, place)}
        spots = {path: spot for path, spot in spots.items() if path[:1] != ("codes",) or len(path) == 1} | {
            ("codes", new): spots["codes", old] for new, old in enumerate(kept)
        }
        if kept or not entry["codes"]:
            yield {**entry, "codes": [entry["codes"][number] for number in kept]}, spots


def _codes(types: list[dict[str, Any]]) -> frozenset[str]:
    return frozenset(code for entry in types for code in entry["codes"])


def _is_types(types: object) -> bool:
    """Tell whether a list of types is so far in order that another can be joined to it."""
    return isinstance(types, list) and all(
        isinstance(entry, dict)
        and isinstance(entry.get("codes"), list)
        and all(isinstance(code, str) for code in entry["codes"])
        for entry in types
    )
