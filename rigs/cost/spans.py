"""How many spans of a month have something in them, where calls come at random: what is once a span is paid for so."""

from math import exp

from rigs.cost import prices


def busy(an_incident: float, incidents_a_month: float, minutes: float, parts: int = 1) -> float:
    """Return in how many spans of so many minutes something happens, in all equal parts of what happens together."""
    spans = parts * prices.MONTH_HOURS * 60 / minutes
    return spans * (1 - exp(-an_incident * incidents_a_month / spans))
