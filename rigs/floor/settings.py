"""Settings that a file may hold, drawn by chance: types, cities, overrides, lists, judgements, hours, caps."""

from collections.abc import Callable
from random import Random
from typing import Any, TypeVar

from chalicelib.domain.names import Kind
from rigs.floor.judgements import JUDGES, VOCABULARY, write_judgements
from rigs.floor.oracle.addresses import NUMBERS
from rigs.floor.oracle.words import CODES, SENSITIVE

Raw = dict[str, Any]
T = TypeVar("T")

EVERYTHING = [kind.value for kind in Kind]
PATTERNS = ("PARK*", "S?", "NEW*", "DIST*", "*")
USUAL = {"codes": ["NOISE"], "description": "Noise", "notify": EVERYTHING, "case_number_to": "caller"}
_SILENCES = ("90d", "90d", "90d", "30d", "7d", "18h", "1m", "0s")
_HOURS = ("00:00:00", "06:30:00", "08:00:00", "11:00:00", "20:00:00", "23:00:00")
_MODES = ("live", "live", "live", "live", "shadow")


def write(rng: Random) -> Raw:
    """Return settings as a file has them."""
    raw: Raw = {
        "agency_id": "springfield",
        "name": "Springfield Police Department",
        "short_name": "Springfield PD",
        "time_zone": rng.choice(("America/Denver", "America/Los_Angeles", "UTC")),
        "mode": "shadow" if rng.random() < 0.03 else "live",  # noqa: PLR2004  seldom
        "numbers": {
            "non_emergency": "303-555-0100",
            "sms_from": "+13035550199",
            "email_from": "no-reply@springfield.example",
        },
        "survey": {"link": "https://tell.springfield.example/s", "door": rng.choice(("link", "reply")), **_survey(rng)},
        "dispositions": {"HAN": "handled", "RPT": "report_taken", "GOA": "unable_to_locate", "CAN": "cancelled"}
        | {"DV REPORT": "handled"},
        "incident_types": _types(rng),
        "judgements": {"entries": write_judgements(rng)},
    }
    raw |= {name: draw(rng) for name, draw in _OPTIONAL.items() if rng.random() < _OFTEN.get(name, 0.15)}
    for entry in raw["judgements"]["entries"]:
        if entry["value"] in raw.get("sensitive_types", ()) and rng.random() < 0.5:  # noqa: PLR2004  two that disagree
            entry["reason"] = "A word of our own"
    return raw


def other(rng: Random, raw: Raw) -> Raw:
    """Return the settings with one change, as a second version."""
    entries = raw["judgements"]["entries"]
    match rng.randrange(5):
        case 0:
            known = {(entry["field"], entry["value"], entry.get("meaning")) for entry in entries}
            fresh = [
                {**entry, "verdicts": ["dull"], "judged_by": JUDGES}
                for entry in VOCABULARY
                if (entry["field"], entry["value"], entry.get("meaning")) not in known
            ]
            return raw | {"judgements": {"entries": [*entries, *fresh]}}
        case 1:
            return raw | {"sensitive_types": ["NOISE"]}
        case 2:
            return {name: value for name, value in raw.items() if name not in ("sensitive_types", "never_types")}
        case 3:
            return raw | {"silence": "1m"}
    types = [
        rule | {"override_sensitive": not any("*" in code or "?" in code for code in rule["codes"])}
        for rule in raw["incident_types"]
    ]
    return raw | {"incident_types": types}


def _types(rng: Random) -> list[Raw]:
    """Return types of which each code is listed once."""
    seen, rules = {"NOISE"}, [dict(USUAL)]
    for _ in range(rng.randrange(5)):
        drawn = rng.sample([*CODES, *PATTERNS], rng.randrange(1, 4))
        codes = [code for code in drawn if code not in seen]
        seen |= set(codes)
        if codes:
            rules.append({"codes": codes, "description": "A type", **_type(rng, codes)})
    return rules


def _type(rng: Random, codes: list[str]) -> Raw:
    named = not any("*" in code or "?" in code for code in codes)
    found: Raw = {"notify": rng.choice((EVERYTHING, EVERYTHING, ["acknowledgment", "delay"], []))}
    found |= {"case_number_to": rng.choice(("victim", "caller"))}
    if named and any(CODES.get(code, ("", ""))[1] == SENSITIVE for code in codes) and rng.random() < 0.5:  # noqa: PLR2004
        found["override_sensitive"] = True
    options: dict[str, Callable[[Random], Any]] = {
        "mode": lambda rng: rng.choice(_MODES),
        "acknowledgment": _hold,
        "delay": _delay,
        "priorities": _by_priority,
    }
    return found | {name: draw(rng) for name, draw in options.items() if rng.random() < 0.2}  # noqa: PLR2004


def _cities(rng: Random) -> list[Raw]:
    cities: list[Raw] = []
    for beats in rng.choice(([["6*"]], [["712"]], [["6*"], ["712"]])):
        city: Raw = {"beats": beats, "name": "Town", "short_name": "Town PD"}
        options: dict[str, Callable[[Random], Any]] = {
            "mode": lambda rng: rng.choice(_MODES),
            "incident_types": _types,
            "delay": _delay,
            "acknowledgment": _hold,
        }
        cities.append(city | {name: draw(rng) for name, draw in options.items() if rng.random() < 0.4})  # noqa: PLR2004
    return cities


def _survey(rng: Random) -> Raw:
    return some(
        rng, after=("0s", "1h", "18h"), window=("1h", "7d"), outcomes=(["handled"],), without_arrival=(True, False)
    )


def _hold(rng: Random) -> Raw:
    return {"hold": rng.choice(("0s", "1m", "5m"))}


def _delay(rng: Random) -> Raw:
    after = rng.choice((["0s"], ["5m"], ["30m"], ["5m", "30m"], ["30m", "45m"], ["5m", "30m", "45m"]))
    return {"after": after, "anchor": rng.choice(("received_at", "received_at", "queued_at", "dispatched_at"))}


def _by_priority(rng: Random) -> Raw:
    rules: Raw = {"notify": rng.sample(EVERYTHING, rng.randrange(len(EVERYTHING)))} if rng.random() < 0.5 else {}  # noqa: PLR2004
    rules |= {"acknowledgment": _hold(rng)} if rng.random() < 0.5 else {}  # noqa: PLR2004
    rules |= {"delay": _delay(rng)} if rng.random() < 0.5 else {}  # noqa: PLR2004
    return {rng.choice("23"): rules}


def _hours(rng: Random) -> Raw:
    kinds = rng.sample(EVERYTHING, rng.randrange(1, 3))
    return {kind: {"start": rng.choice(_HOURS), "end": rng.choice(_HOURS)} for kind in kinds}


def _caps(rng: Random) -> Raw:
    return some(rng, per_person_and_day=(0, 1, 2, 3), per_incident=(0, 1, 2, 3), survey_every=("0s", "1h", "30d"))


def some(rng: Random, **choices: tuple[Any, ...]) -> Raw:
    """Return some of these settings, each with one of its values."""
    return {name: rng.choice(values) for name, values in choices.items() if rng.random() < 0.4}  # noqa: PLR2004


def _listed(rng: Random) -> list[str]:
    return rng.sample([*list(CODES)[1:], *PATTERNS[:4]], rng.randrange(1, 3))


_OPTIONAL: dict[str, Callable[[Random], Any]] = {
    "channels": lambda rng: rng.choice((["sms", "email"], ["email", "sms"], ["sms"], ["email"])),
    "shadow_kinds": lambda rng: [rng.choice(EVERYTHING)],
    "cities": _cities,
    "code_list": lambda rng: {code: CODES[code][0] for code in CODES if rng.random() < 0.8},  # noqa: PLR2004
    "sensitive_types": _listed,
    "never_types": _listed,
    "after_close_types": _listed,
    "highest_priorities": lambda rng: rng.sample(["1", "2", "3"], rng.randrange(3)),
    "priorities": _by_priority,
    "institutional_numbers": lambda rng: [rng.choice(NUMBERS)],
    "acknowledgment": _hold,
    "delay": _delay,
    "hours": _hours,
    "caps": _caps,
    "silence": lambda rng: rng.choice(_SILENCES),
    "mass_call": lambda rng: rng.randrange(2, 6),
}
_OFTEN = {"channels": 0.3, "caps": 0.3, "silence": 0.4, "code_list": 0.4, "cities": 0.25, "mass_call": 0.25}
