"""The groups of a dimension as the desk and the report show them: their names, the largest, and whether they differ."""

from collections.abc import Sequence

from msgspec.structs import replace

from chalicelib.domain.surveys.carried import SEVERAL
from chalicelib.insight.figures.statistics import Difference, difference
from chalicelib.insight.figures.surveys import NOT_TOLD, Line
from chalicelib.insight.figures.wording import Wording

MOST_LINES = 12


def name_of(line: Line, wording: Wording) -> str:
    """Return a group's name in words."""
    if line.several:
        return wording.say("form.further", count=str(line.several))
    if line.group == NOT_TOLD:
        return wording.say("form.not_told")
    if line.dimension == "officer" and line.group == SEVERAL:
        return wording.say("form.several_officers")
    if line.dimension == "language":
        return wording.known("languages", line.group)
    if line.dimension == "door":
        return " + ".join(wording.known("response", door) for door in line.group.split(","))
    return line.group


def largest(lines: Sequence[Line]) -> list[Line]:
    """Return the largest groups, in the order of their names, and all others as one: each is shown at the desk."""
    singles = sorted((line for line in lines if not line.several), key=lambda line: (-line.of, line.group))
    few = [line for line in lines if line.several]
    rest = [*singles[MOST_LINES:], *few]
    if len(rest) < 2:  # noqa: PLR2004  one is no rest
        return [*_by_name(singles), *few]
    return [*_by_name(singles[:MOST_LINES]), _as_one(rest)]


def verdict(line: Line, lines: Sequence[Line], compared: int) -> str:
    """Return whether a group differs from all others together: higher, lower, unclear; alone has none."""
    if line.part is None:
        return ""
    rest_of = sum(other.of for other in lines) - line.of
    rest = sum(other.part or 0 for other in lines) - line.part
    found = difference(line.part, line.of, rest, rest_of, compared)
    return verdict_of(found) if found else "alone"


def verdict_of(found: Difference) -> str:
    """Return higher, lower or unclear."""
    if not found.real:
        return "unclear"
    return "higher" if found.by > 0 else "lower"


def _by_name(lines: Sequence[Line]) -> list[Line]:
    return sorted(lines, key=lambda line: line.group)


def _as_one(lines: Sequence[Line]) -> Line:
    parts = [line.part for line in lines if line.part is not None]
    return replace(
        lines[0],
        group="",
        several=sum(line.several or 1 for line in lines),
        of=sum(line.of for line in lines),
        part=sum(parts) if len(parts) == len(lines) else None,
    )
