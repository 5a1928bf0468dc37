"""The promises, by their numbers in the design."""

from enum import StrEnum


class Promise(StrEnum):
    """The promises of the design, in the words of the table."""

    ORDER = "1 any order, any repetition"
    PLAN = "2 only what the plan wants"
    PERMIT = "2 no STOP, cap, hour, pause"
    LOST = "3 nothing lost"
    TIMELY = "3 nothing late unexplained"
    TWICE = "4 nothing twice"
    STALE = "5 nothing stale"
    DANGER = "6 nothing dangerous"
    EXPLAINED = "7 everything explained"
    LEAKS = "8 nobody in lake or log"
    LAKE = "the lake equals the tables"
    INDEX = "people and list are found"
