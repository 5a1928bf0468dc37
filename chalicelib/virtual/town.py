"""A city that does not exist, with the habits of a real one: seeded, so that the same seed is the same city.

Shares come from one mid-size city's dispatch data (14,199 incidents): two thirds are 911 calls; at the
threshold of a delay notice 42 % have seen no officer; 15 % never do; types change in 11 %; times contradict each
other; phones are blank, without service, or somebody's desk; a few people call again and again.
"""

import random
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct

from chalicelib.virtual.extract import Case, Message
from chalicelib.virtual.fiction import fictional_email, fictional_phone

MEDIAN_ARRIVAL = timedelta(minutes=13)
"""Half of those who see an officer see one within this time; 90 % within 72 minutes."""

_SPREAD = 1.33
"""Standard deviation of the logarithm of arrival times: what the 90th percentile asks for."""


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


USUAL = Habits()


_TYPES = (
    # code, description, weight, priorities
    ("NOISE", "Noise complaint", 30, "34"),
    ("TRAFFIC", "Traffic complaint", 22, "34"),
    ("SUSP", "Suspicious circumstances", 18, "23"),
    ("THEFT", "Theft, not in progress", 18, "34"),
    ("WELFARE", "Check on somebody's welfare", 8, "2"),
    ("DV", "Domestic disturbance", 9, "12"),
    ("ALARM", "Burglar alarm", 6, "2"),
    ("MEET", "", 4, "3"),
)
_DISPOSITIONS = {"HAN": 55, "RPT": 15, "GOA": 9, "UTL": 8, "BOL": 4, "CAN": 6, "INF": 3}
_DISPOSITIONS_OF_THEFT = {"RPT": 75, "HAN": 15, "CAN": 10}
_FORMATS: tuple[Callable[[str], str], ...] = (
    lambda n: n,
    lambda n: n[2:],
    lambda n: f"({n[2:5]}) {n[5:8]}-{n[8:]}",
    lambda n: f"{n[2:5]}-{n[5:8]}-{n[8:]}",
    lambda n: f"{n[2:5]}.{n[5:8]}.{n[8:]}",
    lambda n: f"1-{n[2:5]}-{n[5:8]}-{n[8:]}",
    lambda n: f"{n[2:5]} {n[5:8]} {n[8:]}",
    lambda n: f"{n[2:5]}/{n[5:8]}-{n[8:]}",
)


def generate(
    seed: int, incidents: int, start: datetime, over: timedelta, speed: float, habits: Habits = USUAL
) -> Iterator[Case]:
    """Return so many incidents, spread over a time; an hour of the city takes `1 / speed` hours."""
    dice = random.Random(seed)  # noqa: S311  a city, not a secret
    callers: list[int] = []
    for order in range(incidents):
        received_at = start + over * (order / incidents)
        again = bool(callers) and dice.random() < habits.calls_again
        caller = dice.choice(callers) if again else order
        callers = [*callers[-20:], caller]
        yield _incident(dice, order, caller, received_at, speed, habits)


def _incident(
    dice: random.Random, order: int, caller: int, received_at: datetime, speed: float, habits: Habits
) -> Case:
    number = f"P26-{order + 1:07}"
    code, description, _, priorities = dice.choices(_TYPES, [weight for *_, weight, _ in _TYPES])[0]
    call = _call(dice, caller, received_at, code, description, dice.choice(priorities), habits)
    messages = [Message(received_at, call)]
    arrives_after = _arrival(dice, habits)
    closes_after = (arrives_after or timedelta(minutes=40)) + timedelta(minutes=dice.uniform(8, 45))
    if arrives_after:
        dispatched_at = received_at + arrives_after * dice.uniform(0.3, 0.8) / speed
        messages.append(Message(dispatched_at, {"dispatched_at": dispatched_at, "enroute_at": dispatched_at}))
        late = timedelta(minutes=1) if dice.random() < habits.arrives_after_closing else timedelta()
        arrived_at = received_at + (closes_after + late if late else arrives_after) / speed
        messages.append(Message(arrived_at, {"arrived_at": arrived_at}))
    closed_at = received_at + closes_after / speed
    messages.append(Message(closed_at, {"closed_at": closed_at, **_ending(dice, order, code, habits)}))
    messages.sort(key=lambda message: message.at)
    addressed = (Message(m.at, {"incident_number": number, "as_of": m.at, **m.body}) for m in messages)
    return Case(order + 1, number, tuple(addressed))


def _call(
    dice: random.Random, caller: int, at: datetime, code: str, description: str, priority: str, habits: Habits
) -> dict[str, Any]:
    drawn = dice.random()
    origin = "911" if drawn < habits.from_911 else "non_emergency"
    if drawn > 1 - habits.by_officers:
        origin = "officer_initiated"
    if code == "ALARM":
        origin = "alarm"
    told: dict[str, Any] = {
        "origin": origin,
        "incident_type": code,
        "initial_type": code,
        "priority": priority,
        "beat": dice.choice(("611", "612", "621", "622", "631")),
        "shift": dice.choice("ABC"),
        "received_at": at,
        "queued_at": at,
    }
    if description:
        told["incident_type_description"] = description
    if origin != "officer_initiated":
        told["reporting_parties"] = [_caller(dice, caller, origin, habits)]
    return told


def _caller(dice: random.Random, caller: int, origin: str, habits: Habits) -> dict[str, Any]:
    party = {"party_id": "1", "role": "caller", "contact_kind": "alarm" if origin == "alarm" else "personal"}
    drawn = dice.random()
    if drawn < habits.blank_phone:
        party["phone"] = dice.choice(("", "Redacted", "4412"))
    elif drawn < habits.blank_phone + habits.pseudo_911:
        party["phone"] = f"911-555-{dice.randrange(10_000):04}"
    else:
        party["phone"] = dice.choice(_FORMATS)(fictional_phone(caller))
    if dice.random() < habits.with_email:
        party["email"] = fictional_email(caller)
    return party


def _arrival(dice: random.Random, habits: Habits) -> timedelta | None:
    if dice.random() < habits.never_arrives:
        return None
    return MEDIAN_ARRIVAL * dice.lognormvariate(0, _SPREAD)


def _ending(dice: random.Random, order: int, code: str, habits: Habits) -> dict[str, Any]:
    ending: dict[str, Any] = {}
    if dice.random() >= habits.no_disposition:
        many = 2 if dice.random() < habits.two_dispositions else 1
        shares = _DISPOSITIONS_OF_THEFT if code == "THEFT" else _DISPOSITIONS
        ending["dispositions"] = dice.choices([*shares], [*shares.values()], k=many)
    if dice.random() < habits.type_changes:
        ending["incident_type"] = dice.choice([other for other, *_ in _TYPES if other != code])
    if "RPT" in ending.get("dispositions", ()):
        ending["case_numbers"] = [f"26-{order + 100_000}"]
    return ending
