"""Answers of people who do not exist, when they are asked how it went."""

import random
from collections.abc import Iterable

from chalicelib.domain.settings.questions import YES_NO, Question

PLEASED = 0.8
"""Published scores are high: four marks in five are a 4 or a 5 (Bend's average is 4.55)."""

COMMENTS = ("Thank you for coming so fast.", "It took very long.", "The officer was kind.", "Nobody called me back.")
_BEST = 0.74
_DISPLEASED = {1: 5, 2: 3, 3: 4}


def mark(dice: random.Random, pleased: float = PLEASED) -> int:
    """Draw a mark: people are mostly pleased or not at all."""
    if dice.random() < pleased:
        return 5 if dice.random() < _BEST else 4
    return dice.choices([*_DISPLEASED], [*_DISPLEASED.values()])[0]


def answers(dice: random.Random, questions: Iterable[Question], writes: float) -> dict[str, str]:
    """Draw what somebody fills in: every mark and choice, and a comment in a share of all."""
    given = {}
    for question in questions:
        if question.kind == "scale":
            given[question.id] = str(mark(dice))
        elif question.kind == "yes_no":
            given[question.id] = dice.choice(YES_NO)
        elif question.kind == "choice":
            given[question.id] = dice.choice(question.choices).id
        elif dice.random() < writes:
            given[question.id] = dice.choice(COMMENTS)
    return given
