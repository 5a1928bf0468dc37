"""What of a question's marks may be shown: the desk's months and the desk's rules, for any quarter of the year."""

from collections import Counter

from chalicelib.domain.surveys.fixed_cells import Counted, Groups, lone_months, settled
from chalicelib.insight.figures.gather import Figures, Marks, QuestionKey
from chalicelib.insight.figures.quarter import MONTHS, Quarter
from chalicelib.insight.figures.statistics import answers, favourable
from chalicelib.insight.figures.surveys import Shown, shown_of

QUARTERS = 4
"""Of a year."""


def shown(figures: Figures, key: QuestionKey, quarter: Quarter) -> Shown:
    """Return how many answered in a quarter, and how many favorably: None where they are few, or all alike."""
    return shown_of(*key, _by_month(figures, key, quarter), _settled(figures, quarter))


def marks_shown(figures: Figures, key: QuestionKey) -> Marks:
    """Return how often each mark was given in the report's quarter; nothing where that may not be shown.

    A quarter has one such view for good: two of them would tell the marks of the people between.
    """
    found = shown(figures, key, figures.quarter)
    if figures.surveys.settled < MONTHS or found.part is None:
        return Counter()
    return figures.marks_of(key, figures.quarter.months[: found.months])


def months_shown(figures: Figures, key: QuestionKey) -> dict[str, Counted]:
    """Return the months of a year, YYYY-MM, that may be shown by themselves, in their order."""
    found: dict[str, Counted] = {}
    quarter = figures.quarter
    for _ in range(QUARTERS):
        by_month, months = _by_month(figures, key, quarter), _settled(figures, quarter)
        if shown_of(*key, by_month, months).part is not None:
            lone = lone_months([by_month[month].of for month in months])
            found |= {months[place]: by_month[months[place]] for place in lone}
        quarter = quarter.previous
    return dict(sorted(found.items()))


def _by_month(figures: Figures, key: QuestionKey, quarter: Quarter) -> Groups:
    by_month = {month: figures.marks_of(key, (month,)) for month in quarter.months}
    return {month: Counted(answers(marks), favourable(marks)) for month, marks in by_month.items()}


def _settled(figures: Figures, quarter: Quarter) -> tuple[str, ...]:
    return quarter.months[: settled(quarter.months, figures.today)]
