"""Change one setting in a text of settings, and leave all other characters of it as they are. Pure.

A value is written in the place of the one before it. A new one goes below the last of its table. What is taken away
goes with its line. `origin` is the text that a draft was made from: a setting that says again what it said there is
written again as it was there, with its quotes, its comment and its place. So changes and the same changes back leave
the same text. Each result is read again before it is returned: a text in which something else changed is refused.
"""

import re
import tomllib
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from msgspec import Struct

from chalicelib.domain.harmless import as_text
from chalicelib.insight.settings.locate import Path, Span, Written, spans


class Unwritable(ValueError):
    """A setting that this text has in a form which can't be changed alone; `path` is the setting's."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.path = path


class Text(Struct, frozen=True):
    """A text, what it says, and where."""

    text: str
    data: dict[str, Any]
    at: Written

    @property
    def tables(self) -> dict[Path, Span]:
        """Return the headings in the order of the text, each with the place where its own lines end."""
        heads = sorted(self.at.heads.items(), key=lambda item: (item[1].start, len(item[0])))
        ends = [span.start for _, span in heads[1:]] + [len(self.text)]
        return {path: Span(span.start, span.end, end) for (path, span), end in zip(heads, ends, strict=True)}

    def table_of(self, path: Path) -> Path:
        """Return the heading under which a path is, or would be, written."""
        return next(path[:many] for many in range(len(path) - 1, -1, -1) if path[:many] in self.at.heads)

    def own(self, table: Path) -> list[tuple[Path, Span]]:
        """Return the settings that stand in lines of their own under a heading, in order."""
        where = self.tables[table]
        found = [(path, span) for path, span in self.at.spans.items() if path not in self.at.inside]
        return sorted(
            ((path, span) for path, span in found if where.start <= span.start < where.end),
            key=lambda one: one[1].start,
        )

    def line(self, span: Span) -> tuple[int, int]:
        """Return from where to where the lines of a setting go, its comment and the end of its last line included."""
        end = self.text.find("\n", span.end)
        return self.text.rfind("\n", 0, span.start) + 1, len(self.text) if end < 0 else end + 1


def edit(text: str, path: Path, value: Any, origin: str = "") -> str:
    """Return a text in which one setting has another value; None takes it away. Unwritable, TOMLDecodeError.

    A value is what `tomllib` could have read: text, a number, true or false, an hour, or a list or table of those.
    """
    now = parsed(text)
    before = value_at(now.data, path)
    if same(before, value):
        return text
    if isinstance(value, dict) and isinstance(before, dict) and value.keys() == before.keys() and value:
        for name, part in value.items():
            text = edit(text, (*path, name), part, origin)
        return text
    wanted = with_value(now.data, path, value)
    for changed in _ways(now, path, value, wanted, _known(origin)):
        if says(changed, wanted):
            return changed
    raise Unwritable(path)


def value_at(data: Any, path: Path) -> Any:
    """Return what stands at a path, or None."""
    for key in path:
        try:
            data = data[key]
        except (KeyError, IndexError, TypeError):
            return None
    return data


def same(one: Any, other: Any) -> bool:
    """Tell whether two values are written alike: 1 is not true."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(part, other[key]) for key, part in one.items())
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    return type(one) is type(other) and bool(one == other)


def as_value(value: Any) -> str:
    """Return a value as TOML writes it on one line; characters that nobody sees are written as their numbers."""
    import tomlkit

    if isinstance(value, dict):
        inside = ", ".join(f"{as_key(key)} = {as_value(part)}" for key, part in value.items())
        return f"{{ {inside} }}" if inside else "{}"
    if isinstance(value, list):
        return f"[{', '.join(map(as_value, value))}]"
    written = tomlkit.item(value).as_string()
    return "".join(one if as_text(one) == one else f"\\U{ord(one):08X}" for one in written)


def as_key(key: str) -> str:
    """Return a name as TOML writes it: in quotes where it needs them."""
    return key if re.fullmatch(r"[A-Za-z0-9_-]+", key) else as_value(key)


def parsed(text: str) -> Text:
    """Read a text: what it says, and where. TOMLDecodeError."""
    return Text(text, tomllib.loads(text), spans(text))


def _known(origin: str) -> Text | None:
    try:
        return parsed(origin) if origin else None
    except tomllib.TOMLDecodeError:
        return None


def with_value(data: dict[str, Any], path: Path, value: Any) -> dict[str, Any]:
    """Return settings in which one has another value."""
    data = deepcopy(data)
    inner: Any = data
    for key in path[:-1]:
        if isinstance(inner, dict):
            inner = inner.setdefault(key, {})
        elif isinstance(inner, list) and isinstance(key, int) and key < len(inner):
            inner = inner[key]
        else:
            raise Unwritable(path)
    last = path[-1]
    if value is None and isinstance(inner, dict):
        inner.pop(last, None)
    elif isinstance(inner, dict):
        inner[last] = value
    elif not isinstance(inner, list) or not isinstance(last, int) or last >= len(inner) or value is None:
        raise Unwritable(path)
    else:
        inner[last] = value
    return data


def says(text: str, wanted: dict[str, Any]) -> bool:
    """Tell whether a text is TOML that says what is wanted, and nothing else."""
    try:
        return same(_full(tomllib.loads(text)), _full(wanted))
    except tomllib.TOMLDecodeError:
        return False


def _full(value: Any) -> Any:
    """Return settings without tables that hold nothing: they say as much as none."""
    if isinstance(value, list):
        return [_full(part) for part in value]
    if not isinstance(value, dict):
        return value
    told = {key: _full(part) for key, part in value.items()}
    return {key: part for key, part in told.items() if part != {}}


def _ways(now: Text, path: Path, value: Any, wanted: dict[str, Any], origin: Text | None) -> Iterator[str]:
    """Yield the texts that may say what is wanted, the one that changes least first."""
    outer = next((path[:many] for many in range(1, len(path)) if path[:many] in now.at.spans), path)
    if path in now.at.spans and value is not None:
        yield _replaced(now, path, value, origin)
    if outer != path:
        whole = _full(value_at(wanted, outer))
        path, value = outer, None if whole == {} else whole
    if value is None:
        yield from _taken_away(now, path)
    elif path in now.at.spans:
        yield _replaced(now, path, value, origin)
    else:
        whole = next((path[:many] for many in range(1, len(path)) if origin and path[:many] in origin.at.spans), path)
        if whole != path:  # it stood in braces that were taken away with all that was in them
            yield from _added(now, whole, value_at(wanted, whole), origin)
        yield from _added(now, path, value, origin)


def _replaced(now: Text, path: Path, value: Any, origin: Text | None) -> str:
    span, written = now.at.spans[path], as_value(value)
    if origin and path in origin.at.spans and same(value_at(origin.data, path), value):
        was = origin.at.spans[path]
        written = origin.text[was.value : was.end]
    return now.text[: span.value] + written + now.text[span.end :]


def _taken_away(now: Text, path: Path) -> Iterator[str]:
    """Yield the text without a setting's lines, or without a heading and the settings below it."""
    if path in now.at.spans:
        start, end = now.line(now.at.spans[path])
        yield now.text[:start] + now.text[end:]
        return
    within = [span for each, span in now.at.spans.items() if each[: len(path)] == path and each not in now.at.inside]
    heads = [span for each, span in now.at.heads.items() if each[: len(path)] == path]
    text = now.text
    for start, end in sorted((now.line(span) for span in (*within, *heads)), reverse=True):
        text = text[:start] + text[end:]
    yield text


def _added(now: Text, path: Path, value: Any, origin: Text | None) -> Iterator[str]:
    table = now.table_of(path)
    if origin and path in origin.at.spans and path not in origin.at.inside:
        was = origin.table_of(path)
        yield _put_back(now if was == table else _with_heading(now, was, origin), path, value, was, origin)
    own = now.own(table)
    head = now.tables[table]
    at = now.line(own[-1][1])[1] if own else head.value
    if not own and table:
        at = now.line(Span(head.start, head.start, head.value))[1]
    name = ".".join(as_key(str(key)) for key in path[len(table) :])
    yield with_line(now.text, at, f"{name} = {as_value(value)}\n")
    heading = ".".join(as_key(str(key)) for key in path[:-1])
    yield f"{now.text.rstrip()}\n\n[{heading}]\n{as_key(str(path[-1]))} = {as_value(value)}\n"


def _put_back(now: Text, path: Path, value: Any, table: Path, origin: Text) -> str:
    """Return a text with a setting where it was, below the same setting and the same lines without one."""
    span = origin.at.spans[path]
    start, end = origin.line(span)
    written = as_value(value)
    if same(value_at(origin.data, path), value):
        written = origin.text[span.value : span.end]
    line = origin.text[start : span.value] + written + origin.text[span.end : end]
    heading = [(table, origin.at.heads[table])] if table else []
    before = [*heading, *((each, one) for each, one in origin.own(table) if one.start < span.start)]
    return with_line(now.text, _below(now, before, start, origin), line)


def _with_heading(now: Text, table: Path, origin: Text) -> Text:
    """Return a text with a heading where it was, below the same lines; its settings are still taken away."""
    start, end = origin.line(origin.at.heads[table])
    known = (*origin.at.heads.items(), *origin.at.spans.items())
    above = [(each, one) for each, one in known if each and one.start < start and each not in origin.at.inside]
    at = _below(now, sorted(above, key=lambda one: one[1].start), start, origin)
    return parsed(with_line(now.text, at, origin.text[start:end]))


def _below(now: Text, before: list[tuple[Path, Span]], start: int, origin: Text) -> int:
    """Return where a line of the origin belongs: below the last that is still there of those before it.

    Lines without a setting between the two are still there, and are counted; those with one are not.
    """
    known = {**now.at.spans, **now.at.heads}
    kept = next((place for place in range(len(before) - 1, -1, -1) if before[place][0] in known), -1)
    above = origin.line(before[kept][1])[1] if kept >= 0 else 0
    at = now.line(known[before[kept][0]])[1] if kept >= 0 else 0
    gone = [origin.line(one) for _, one in before[kept + 1 :]]
    bare = origin.text.count("\n", above, start) - sum(origin.text.count("\n", *lines) for lines in gone)
    return _lines_on(now.text, at, bare)


def _lines_on(text: str, at: int, many: int) -> int:
    """Return the place so many lines further on, or the text's end."""
    for _ in range(many):
        found = text.find("\n", at)
        if found < 0:
            return len(text)
        at = found + 1
    return at


def with_line(text: str, at: int, line: str) -> str:
    """Return a text with a line put in; a last line that did not end ends first."""
    before = text[:at] if not at or text[at - 1] == "\n" else f"{text[:at]}\n"
    return before + (line if line.endswith("\n") else f"{line}\n") + text[at:]
