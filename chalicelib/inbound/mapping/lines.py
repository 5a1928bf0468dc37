"""Text → records by patterns: paging mails, and lines of which each tells of one call.

A pattern begins where the line or the document begins. Its named groups are the cells of the record. Of several
patterns the first that matches counts. A line that none matches is set aside alone.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from chalicelib.inbound.mapping.file import InvalidMapping, Mapping, Paths, as_paths
from chalicelib.inbound.mapping.patterns import takes_long
from chalicelib.inbound.mapping.row import Row

LONGEST_LINE, LONGEST_DOCUMENT = 2_000, 10_000
_NO_MATCH = "no pattern of `lines` fits"


def check_lines(mapping: Mapping) -> None:
    """Check the patterns of a file; InvalidMapping."""
    if mapping.format != "text":
        if mapping.lines:
            raise InvalidMapping("lines: only the format `text` has patterns of lines")
        return
    if not mapping.lines:
        raise InvalidMapping("lines: required: a pattern with named groups, such as '^CAD:(?P<number>[^;]+);'")
    named = {name for place, pattern in enumerate(as_paths(mapping.lines)) for name in _groups(place, pattern, mapping)}
    lacking = sorted(set(mapping.paths) - named)
    if lacking:
        raise InvalidMapping(f"lines: no pattern has a group {lacking[0]!r}; there are {', '.join(sorted(named))}")


def _groups(place: int, pattern: str, mapping: Mapping) -> list[str]:
    where = f"lines[{place}]"
    try:
        names = list(re.compile(pattern, re.MULTILINE).groupindex)
        long = takes_long(pattern, _longest(mapping.each), at_start=True)
    except (re.error, RecursionError, OverflowError) as problem:
        raise InvalidMapping(f"{where}: {problem}") from problem
    if not names:
        raise InvalidMapping(f"{where}: expected named groups, such as (?P<number>[^;]+)")
    if long:
        raise InvalidMapping(
            f"{where}: it may take too long: put each part and what ends it into an atomic group, such as "
            "(?>(?P<type>.*?) PLACE: ), or say [^;]+ for what ends at a semicolon"
        )
    return names


def _longest(each: str) -> int:
    return LONGEST_LINE if each == "line" else LONGEST_DOCUMENT


def read_lines(text: str, mapping: Mapping) -> Iterator[Row]:
    """Yield a record for each line that says anything, or one for the whole text."""
    text = text.replace("\0", "").replace("\r\n", "\n").replace("\r", "\n")
    patterns = _compiled(mapping.lines)
    if mapping.each == "document":
        if text.strip():
            yield _record(text.strip("\n"), 1, LONGEST_DOCUMENT, patterns)
        return
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            yield _record(line, number, LONGEST_LINE, patterns)


@lru_cache(maxsize=32)
def _compiled(patterns: Paths) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern, re.MULTILINE) for pattern in as_paths(patterns))


def _record(text: str, line: int, longest: int, patterns: tuple[re.Pattern[str], ...]) -> Row:
    if len(text) > longest:
        return Row((), line, f"longer than {longest:,} characters")
    match = next(filter(None, (pattern.match(text) for pattern in patterns)), None)
    if match is None:
        return Row((), line, _NO_MATCH)
    return Row(((name, said) for name, said in match.groupdict().items() if said is not None), line)
