"""An agency's settings as `docs/agency/settings.md` explains them, read from the file's own values."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from fnmatch import fnmatchcase
from typing import Any
from zoneinfo import ZoneInfo

Raw = Mapping[str, Any]
WHILE_OPEN = frozenset({"acknowledgment", "dispatched", "delay"})
ORDER = ("report_taken", "handled", "lookout", "unable_to_locate", "cancelled")
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def length(text: str) -> timedelta:
    """Return a length of time."""
    return timedelta(seconds=int(text[:-1]) * _UNITS[text[-1]])


def fits(patterns: Iterable[str], word: str | None) -> bool:
    """Tell whether a word fits one of the patterns."""
    return bool(word) and any(fnmatchcase(str(word).upper(), pattern.upper()) for pattern in patterns)


class Place:
    """The rules where an incident is: its city's, or the agency's own."""

    def __init__(self, raw: Raw, city: Raw) -> None:
        self.raw, self._city = raw, city
        self.types: list[Raw] = city.get("incident_types", raw["incident_types"])
        self.excused = frozenset(
            code for rule in self.types if rule.get("override_sensitive") for code in rule["codes"]
        )
        self._found: dict[str, Raw | None] = {}

    def type_of(self, code: str | None) -> Raw | None:
        """Return the entry of a type: the one that lists it exactly, else the first that it fits."""
        if not code:
            return None
        if code not in self._found:
            exact = next((rule for rule in self.types if code in rule["codes"]), None)
            self._found[code] = exact or next((rule for rule in self.types if fits(rule["codes"], code)), None)
        return self._found[code]

    def notify(self, rule: Raw, priority: str | None) -> list[str]:
        """Return the kinds that a type gets at a priority."""
        usual: list[str] = rule.get("notify", ["acknowledgment", "delay", "outcome", "case_number", "survey"])
        own = rule.get("priorities", {}).get(priority, {}).get("notify")
        agency = self.raw.get("priorities", {}).get(priority, {}).get("notify")
        if own is not None:
            return list(own)
        return usual if agency is None else [kind for kind in usual if kind in agency]

    def hold(self, rule: Raw, priority: str | None) -> timedelta:
        """Return for how long an acknowledgment is held."""
        return length(self._table("acknowledgment", rule, priority).get("hold", "60s"))

    def delay(self, rule: Raw, priority: str | None) -> tuple[str, list[timedelta]]:
        """Return the instant from which delay notices count, and after how long each is due."""
        table = self._table("delay", rule, priority)
        return table.get("anchor", "received_at"), [length(each) for each in table.get("after", ["30m"])]

    def live(self, rule: Raw, kind: str) -> bool:
        """Tell whether a kind really goes."""
        modes = self.raw["mode"], self._city.get("mode"), rule.get("mode")
        return "shadow" not in modes and kind not in self.raw.get("shadow_kinds", ())

    def _table(self, name: str, rule: Raw, priority: str | None) -> Raw:
        """Return a table by the most particular place that has it."""
        places = (
            rule.get("priorities", {}).get(priority, {}),
            rule,
            self.raw.get("priorities", {}).get(priority, {}),
            self._city,
            self.raw,
        )
        return next((place[name] for place in places if name in place), {})


class Rules:
    """One agency's settings."""

    def __init__(self, raw: Raw) -> None:
        self.raw = raw
        self.zone = ZoneInfo(raw["time_zone"])
        self.silence = length(raw.get("silence", "90d"))
        self.mass_call: int = raw.get("mass_call", 5)
        self.channels: list[str] = raw.get("channels", ["sms", "email"])
        self.institutions = frozenset(raw.get("institutional_numbers", ()))
        self.urgent = frozenset(map(str.upper, raw.get("highest_priorities", ("0", "1", "E", "P0", "P1"))))
        caps = raw.get("caps", {})
        self.cap_a_day: int = caps.get("per_person_and_day", 6)
        self.cap_here: int = caps.get("per_incident", 6)
        self.survey_every = length(caps.get("survey_every", "30d"))
        survey = raw["survey"]
        self.survey_after, self.survey_window = length(survey.get("after", "18h")), length(survey.get("window", "7d"))
        self.surveyed: list[str] = survey.get("outcomes", ["handled", "report_taken"])
        self.without_arrival: bool = survey.get("without_arrival", False)
        self._usual = Place(raw, {})
        self._cities = [(city["beats"], Place(raw, city)) for city in raw.get("cities", ())]

    def place(self, beat: str | None) -> Place:
        """Return the rules of the first city that has the beat, or the agency's own."""
        return next((place for beats, place in self._cities if fits(beats, beat)), self._usual)

    def outcome(self, dispositions: Iterable[str] | None) -> str | None:
        """Return how it ended: of several dispositions the first in the order of the page."""
        known = {self.raw["dispositions"].get(code) for code in dispositions or ()}
        return next((outcome for outcome in ORDER if outcome in known), None)

    def window(self, kind: str) -> tuple[str, str]:
        """Return the hours in which a kind may go."""
        usual = ("00:00:00", "00:00:00") if kind in WHILE_OPEN else ("08:00:00", "20:00:00")
        own = self.raw.get("hours", {}).get(kind)
        return (own["start"], own["end"]) if own else usual
