"""Where the one value of a field is: a path, the first of several that says anything, or several put together."""

from typing import Any

from chalicelib.inbound.mapping.file import Format, InvalidMapping, Source, as_paths
from chalicelib.inbound.mapping.paths import One, one
from chalicelib.inbound.mapping.values import as_text


def found_by(source: Source, kind: Format) -> One:
    """Return what finds the one value that a source means."""
    if source.value is not None:
        value = source.value
        return lambda _record: value
    if source.join:
        return _joined([one(path, kind) for path in source.join], source.with_)
    finders = [one(path, kind) for path in as_paths(source.from_ or source.earliest or source.latest)]
    if not finders and not source.now:
        raise InvalidMapping("expected a path, `join`, `earliest`, `latest`, `value` or `now`")
    if len(finders) == 1:
        return _single(finders[0]) if kind == "json" else finders[0]  # only JSON's paths can find a list

    def first(record: Any) -> Any:
        for find in finders:
            found = find(record)
            if found is not None and found != "":
                found = alone(found)
                if found is not None and found != "":
                    return found
        return None

    return first


def _single(find: One) -> One:
    def single(record: Any) -> Any:
        found = find(record)
        return found if found is None or type(found) is str else alone(found)

    return single


def alone(found: Any) -> Any:
    """Return the first thing that a list says: a path into a list finds one."""
    return next((item for item in found if item not in (None, "")), None) if isinstance(found, list) else found


def _joined(finders: list[One], between: str) -> One:
    def join(record: Any) -> str | None:
        texts = [as_text(alone(find(record))) for find in finders]
        return between.join(filter(None, texts)) if all(texts) or between != " " else None

    return join
