"""Where the one value of a field is: a path, the first of several that says anything, or several put together."""

from typing import Any

from chalicelib.inbound.mapping.file import Format, InvalidMapping, Source, as_paths
from chalicelib.inbound.mapping.paths import One, one
from chalicelib.inbound.mapping.values import alone, as_text


def found_by(source: Source, kind: Format, blank: frozenset[str], *, whole: bool = False) -> One:
    """Return what finds the one value that a source means; `blank` are words that say nothing.

    `whole` joins texts only where each of them is there: half a time is none.
    """
    if source.value is not None:
        value = source.value
        return lambda _record: value
    if source.join:
        return _joined([one(path, kind) for path in source.join], source.with_, whole=whole)
    finders = [one(path, kind) for path in as_paths(source.from_ or source.earliest or source.latest)]
    if not finders and not source.now:
        raise InvalidMapping("expected a path, `join`, `earliest`, `latest`, `value` or `now`")
    return finders[0] if len(finders) == 1 else _first(finders, blank)


def _first(finders: list[One], blank: frozenset[str]) -> One:
    def first(record: Any) -> Any:
        for find in finders:
            found = find(record)
            if found is None or (type(found) is list and (found := alone(found)) is None):
                continue
            if type(found) is not str or not (found.isspace() or found == "" or found.strip().casefold() in blank):
                return found
        return None

    return first


def _joined(finders: list[One], between: str, *, whole: bool) -> One:
    def join(record: Any) -> str | None:
        texts = [as_text(find(record)) for find in finders]
        return None if whole and not all(texts) else between.join(filter(None, texts)) or None

    return join
