"""Cells and headings that several sections have."""

from collections.abc import Mapping, Sequence

from chalicelib.insight.figures.document import Cell, Column
from chalicelib.insight.figures.small_numbers import mean_interval_is_told, mean_is_told
from chalicelib.insight.figures.statistics import mean, mean_interval, share_interval
from chalicelib.insight.figures.wording import SMALLEST, Wording


def columns_of(wording: Wording, part: str, words: Sequence[str], numbers: Sequence[str]) -> tuple[Column, ...]:
    """Return headings: of words first, then of numbers."""
    return (
        *(Column(wording.say("messages.kind" if name == "kind" else f"{part}.{name}")) for name in words),
        *(Column(wording.say(f"{part}.{name}"), number=True) for name in numbers),
    )


def number_cell(number: int, wording: Wording) -> Cell:
    """Return a count, hidden where it is small."""
    return Cell(wording.count(number), bare(number))


def bare(number: int) -> int | None:
    """Return a count for programs, or None where it is hidden."""
    return None if 0 < number < SMALLEST else number


def share_cells(part: int, of: int, wording: Wording) -> tuple[Cell, Cell]:
    """Return how many answered, and the share with its interval."""
    share = part / of
    return Cell(f"{of:,}", of), Cell(wording.share_in(share, share_interval(part, of), of), round(share, 4))


def mean_cell(marks: Mapping[int, int], wording: Wording) -> Cell | None:
    """Return the mean mark with its interval, each if it tells nothing of hidden counts; None where neither stands."""
    middle, interval = mean(marks), mean_interval(marks)
    if middle is None or interval is None or not mean_is_told(marks):
        return None
    text = wording.mean_in(middle, interval) if mean_interval_is_told(marks) else wording.mean(middle)
    return Cell(text, round(middle, 4))
