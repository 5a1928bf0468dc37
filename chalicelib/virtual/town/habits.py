"""Habits of a city: shares from one mid-size city's dispatch data (14,199 incidents)."""

import random
from collections.abc import Sequence
from datetime import timedelta

from msgspec import Struct

MEDIAN_ARRIVAL = timedelta(minutes=13)
"""Half of those who see an officer see one within this time; 90 % within 72 minutes."""

UNATTENDED = timedelta(minutes=40)
"""After this long a call is given up on which nobody comes."""

_SPREAD = 1.33
"""Standard deviation of the logarithm of arrival times: what the 90th percentile asks for."""

_DISPOSITIONS = {"HAN": 55, "RPT": 15, "GOA": 9, "UTL": 8, "BOL": 4, "CAN": 6, "INF": 3}
_DISPOSITIONS_OF_THEFT = {"RPT": 75, "HAN": 15, "CAN": 10}


class Habits(Struct, frozen=True, kw_only=True):
    """Shares of incidents, of 1."""

    from_911: float = 0.64
    by_officers: float = 0.12
    never_arrives: float = 0.15
    type_changes: float = 0.11
    arrives_after_closing: float = 0.036
    no_disposition: float = 0.056
    two_dispositions: float = 0.05
    blank_phone: float = 0.18
    pseudo_911: float = 0.015
    with_email: float = 0.10
    calls_again: float = 0.02


class CallType(Struct, frozen=True):
    """A type of incident: of a hundred or so calls `often` are of it."""

    code: str
    description: str
    often: int
    priorities: str


TYPES = (
    CallType("NOISE", "Noise complaint", 30, "34"),
    CallType("TRAFFIC", "Traffic complaint", 22, "34"),
    CallType("SUSP", "Suspicious circumstances", 18, "23"),
    CallType("THEFT", "Theft, not in progress", 18, "34"),
    CallType("WELFARE", "Check on somebody's welfare", 8, "2"),
    CallType("DV", "Domestic disturbance", 9, "12"),
    CallType("ALARM", "Burglar alarm", 6, "2"),
    CallType("MEET", "", 4, "3"),
)


class Course(Struct, frozen=True):
    """How long after the call an officer arrives, if one does, and it is closed."""

    arrives_after: timedelta | None
    closes_after: timedelta


def call_type(dice: random.Random, types: Sequence[CallType] = TYPES) -> CallType:
    """Draw a type."""
    return dice.choices(types, [each.often for each in types])[0]


def course(dice: random.Random, never_arrives: float) -> Course:
    """Draw the course of a call."""
    arrives_after = None if dice.random() < never_arrives else MEDIAN_ARRIVAL * dice.lognormvariate(0, _SPREAD)
    return Course(arrives_after, (arrives_after or UNATTENDED) + timedelta(minutes=dice.uniform(8, 45)))


def dispositions(dice: random.Random, code: str, many: int = 1) -> list[str]:
    """Draw how a call of a type ends."""
    shares = _DISPOSITIONS_OF_THEFT if code == "THEFT" else _DISPOSITIONS
    return dice.choices([*shares], [*shares.values()], k=many)
