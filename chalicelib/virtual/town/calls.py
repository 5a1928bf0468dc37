"""Calls of a city that does not exist, with the habits of a real one; the same seed gives the same city.

Two thirds of its calls are 911 calls. At the threshold of a delay notice, 42 % have seen no officer; 15 % never do.
Types change in 11 %, and times contradict each other. Phones are blank, without service, or somebody's desk. A few
people call again and again.
"""

import random
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from chalicelib.virtual.extract import Case, Message
from chalicelib.virtual.town.callers import drawn_party
from chalicelib.virtual.town.habits import TYPES, CallType, Habits, call_type, course, dispositions

USUAL = Habits()


def call(at: datetime | None, *parties: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Return what a webhook first says of a call: a noise complaint, where nothing else is said."""
    usual = {"origin": "911", "incident_type": "NOISE", "priority": "3", "beat": "612", "received_at": at}
    return usual | more | ({"reporting_parties": list(parties)} if parties else {})


def update(number: str, as_of: datetime, facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return an update about an incident."""
    return {"incident_number": number, "as_of": as_of, **facts}


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
    number, of = f"P26-{order + 1:07}", call_type(dice)
    messages = [Message(received_at, _call(dice, caller, received_at, of, habits))]
    drawn = course(dice, habits.never_arrives)
    if drawn.arrives_after:
        dispatched_at = received_at + drawn.arrives_after * dice.uniform(0.3, 0.8) / speed
        messages.append(Message(dispatched_at, {"dispatched_at": dispatched_at, "enroute_at": dispatched_at}))
        late = timedelta(minutes=1) if dice.random() < habits.arrives_after_closing else timedelta()
        arrived_at = received_at + (drawn.closes_after + late if late else drawn.arrives_after) / speed
        messages.append(Message(arrived_at, {"arrived_at": arrived_at}))
    closed_at = received_at + drawn.closes_after / speed
    messages.append(Message(closed_at, {"closed_at": closed_at, **_ending(dice, order, of.code, habits)}))
    messages.sort(key=lambda message: message.at)
    return Case(order + 1, number, tuple(Message(m.at, update(number, m.at, m.body)) for m in messages))


def _call(dice: random.Random, caller: int, at: datetime, of: CallType, habits: Habits) -> dict[str, Any]:
    priority, drawn = dice.choice(of.priorities), dice.random()
    origin = "911" if drawn < habits.from_911 else "non_emergency"
    if drawn > 1 - habits.by_officers:
        origin = "officer_initiated"
    if of.code == "ALARM":
        origin = "alarm"
    more: dict[str, Any] = {"origin": origin, "incident_type": of.code, "initial_type": of.code, "priority": priority}
    more |= {"beat": dice.choice(("611", "612", "621", "622", "631")), "shift": dice.choice("ABC"), "queued_at": at}
    if of.description:
        more["incident_type_description"] = of.description
    if origin == "officer_initiated":
        return call(at, **more)
    return call(at, drawn_party(dice, caller, "alarm" if origin == "alarm" else "personal", habits), **more)


def _ending(dice: random.Random, order: int, code: str, habits: Habits) -> dict[str, Any]:
    ending: dict[str, Any] = {}
    if dice.random() >= habits.no_disposition:
        many = 2 if dice.random() < habits.two_dispositions else 1
        ending["dispositions"] = dispositions(dice, code, many)
    if dice.random() < habits.type_changes:
        ending["incident_type"] = dice.choice([other.code for other in TYPES if other.code != code])
    if "RPT" in ending.get("dispositions", ()):
        ending["case_numbers"] = [f"26-{order + 100_000}"]
    return ending
