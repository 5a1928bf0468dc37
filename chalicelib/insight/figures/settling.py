"""What a report says where answers may still come, so that they are not counted, or not by group, yet."""

from datetime import date

from chalicelib.domain.surveys.fixed_cells import SETTLED_AFTER, settled_on
from chalicelib.insight.figures.document import Paragraph
from chalicelib.insight.figures.gather import Figures
from chalicelib.insight.figures.quarter import MONTHS
from chalicelib.insight.figures.wording import Wording


def counted_to(figures: Figures, wording: Wording) -> str:
    """Return up to which month answers are counted, or from which day on; "" where all of them are."""
    months, counted = figures.quarter.months, figures.surveys.settled
    if counted == MONTHS:
        return ""
    if counted:
        return wording.say("questions.counted_to", month=wording.month(months[counted - 1]))
    return wording.say("questions.not_counted", day=wording.day(settled_on(months[0])))


def groups_wait(figures: Figures, wording: Wording) -> Paragraph | None:
    """Return from which day on groups are told; None where they are."""
    if figures.surveys.settled == MONTHS:
        return None
    return Paragraph(wording.say("groups.wait", day=wording.day(whole_on(figures))))


def whole_on(figures: Figures) -> date:
    """Return the day from which on nobody answers for the quarter any more."""
    return figures.quarter.last + SETTLED_AFTER
