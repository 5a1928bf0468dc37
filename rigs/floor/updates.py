"""The updates that stories are made of, drawn by chance."""

from collections.abc import Iterator
from datetime import timedelta
from random import Random
from typing import Any

from rigs.floor.oracle.addresses import EMAILS, PLAIN
from rigs.floor.oracle.words import CODES, DULL, MODIFIERS, SENSITIVE
from rigs.floor.story import Event, Fields, Tell

INCIDENTS = ("P26-1", "P26-2", "P26-3")
NOW = timedelta(0)
DAY = 24 * 60.0
LATE = (-300.0, -100 * 24 * 3600.0)
"""Seconds by which a dispatch system's clock may be behind."""
_GRAVE_CODES = [code for code, (_, nature) in CODES.items() if nature == SENSITIVE]
_GRAVE_WORDS = [word for word, nature in MODIFIERS.items() if nature == SENSITIVE]
_DULL_CODES = [code for code, (_, nature) in CODES.items() if nature == DULL]
_WAITS = (0, 0.5, 2, 6, 20, 31, 33, 62)


def pick(rng: Random, *choices: Any) -> Any:
    """Return one of these."""
    return rng.choice(choices)


def who(rng: Random, party_id: str = "1", phone: str = "") -> Fields:
    """Return a party."""
    party: Fields = {"party_id": party_id, "phone": phone or rng.choice(PLAIN)}
    if rng.random() < 0.2:  # noqa: PLR2004  some have an email
        party["email"] = rng.choice(EMAILS)
    if rng.random() < 0.3:  # noqa: PLR2004  some are said to be something
        party["role"] = pick(rng, "caller", "victim", "victim", "witness")
    if rng.random() < 0.05:  # noqa: PLR2004  a few are no persons
        party["contact_kind"] = pick(rng, "alarm", "hospital", "business", "personal")
    return party


def call(rng: Random, number: str, *people: Fields, **more: Any) -> Tell:
    """Return the first update of a call that may be texted about."""
    code = rng.choice(_DULL_CODES) if rng.random() < 0.25 else "NOISE"  # noqa: PLR2004  most are of the usual type
    fields: Fields = {"incident_type": code, "received_at": NOW, "priority": pick(rng, "3", "3", "3", "2")}
    if rng.random() < 0.4:  # noqa: PLR2004  some come with words
        fields["incident_type_description"] = CODES[code][0]
    if rng.random() < 0.3:  # noqa: PLR2004  some say where
        fields["beat"] = pick(rng, "612", "712")
    if rng.random() < 0.2:  # noqa: PLR2004  some are dispatched at once
        fields |= {"queued_at": NOW, "dispatched_at": NOW}
    return Tell(number, fields | {"reporting_parties": list(people or [who(rng)])} | more)


def grave(rng: Random) -> Fields:
    """Return words for which nobody is texted."""
    told: Fields = pick(
        rng,
        {"type_modifier": rng.choice(_GRAVE_WORDS)},
        {"incident_type": rng.choice(_GRAVE_CODES)},
        {"initial_type": rng.choice(_GRAVE_WORDS)},
        {"offenses": ["23F", pick(rng, "13A", "11A")]},
        {"incident_type": "DISTURB", "type_modifier": "Family"},
        {"juvenile": True},
        {"dispositions": ["DV REPORT"]},
    )
    return told


def rejected(rng: Random) -> Fields:
    """Return an update that is refused, of which something holds all the same."""
    told: Fields = pick(
        rng,
        {"incident_type": 245},
        {"incident_type": ["DV"]},
        {"offenses": "11A"},
        {"juvenile": "Y"},
        {"do_not_contact": "true"},
        {"type_modifier": rng.choice(list(MODIFIERS))},
        {"incident_type": rng.choice(list(CODES))},
        {"arrived_at": NOW},
        {"response_mode": "phone"},
        {"origin": "officer_initiated"},
        {"transferred_to": "SHERIFF"},
        {"reporting_parties": [{"party_id": "1", "safe_to_contact": "false"}]},
        {"dispositions": ["DV REPORT"]},
        {"type_modifier": "No such word"},
    )
    return told | {"priority": 7}


def over(rng: Random) -> Fields:
    """Return how an incident ends."""
    told: Fields = {"closed_at": NOW, "dispositions": [pick(rng, "HAN", "HAN", "RPT", "GOA", "CAN", "???")]}
    return told | ({"case_numbers": ["26-1"]} if rng.random() < 0.5 else {})  # noqa: PLR2004  every other one


def wait(rng: Random) -> float:
    """Return some minutes."""
    return float(rng.choice(_WAITS))


def life(rng: Random, number: str = "P26-1", phone: str = "") -> Iterator[Event]:
    """Tell one call from its first ring to its end."""
    yield Event(wait(rng), call(rng, number, who(rng, phone=phone)))
    if rng.random() < 0.5:  # noqa: PLR2004
        yield Event(wait(rng), Tell(number, {"dispatched_at": NOW, "queued_at": NOW}))
    if rng.random() < 0.6:  # noqa: PLR2004
        yield Event(wait(rng), Tell(number, {"arrived_at": NOW}))
    yield Event(wait(rng), Tell(number, over(rng)))
