"""Checks of a call's life: that its end is told, and that drills are marked."""

import re

from chalicelib.inbound.cad.loosely import texts
from chalicelib.insight.certify.post import Told
from chalicelib.insight.certify.read import Run
from chalicelib.insight.certify.verdict import Verdict, verdict

FEWEST = 3
_DRILL = re.compile(r"\b(?:test|drill|training|exercise)\b", re.IGNORECASE)


def _tells(call: list[Told], *names: str) -> bool:
    return any(told.words.get(name) for told in call for name in names)


def arrival(run: Run) -> Verdict:
    """The arrival of officers is told."""
    ended = [call for call in run.calls.values() if _was_served(call)]
    arrived = [call for call in run.calls.values() if _tells(call, "arrived_at")]
    if len(ended) >= FEWEST and not arrived:
        return verdict([f"{len(ended)} calls had a unit and were closed, and none tells an arrival"], ended)
    return verdict((), arrived)


def _was_served(call: list[Told]) -> bool:
    """Tell whether a unit was on its way to a call that was closed and not cancelled."""
    served = _tells(call, "dispatched_at", "enroute_at", "units") and _tells(call, "closed_at")
    return served and not _tells(call, "cancelled_at")


def closing(run: Run) -> Verdict:
    """The closing of calls is told."""
    closed = [call for call in run.calls.values() if _tells(call, "closed_at", "cancelled_at")]
    arrived = [call for call in run.calls.values() if _tells(call, "arrived_at")]
    if len(arrived) >= FEWEST and not closed:
        return verdict([f"officers arrived at {len(arrived)} calls, and none was ever closed"], arrived)
    return verdict((), closed)


def drills(run: Run) -> Verdict:
    """A drill says so: `exercise` is true."""
    marked = {told.call for told in run.news if told.words.get("exercise") is True}
    findings = [
        f"{told.where}: it looks like a drill, and exercise is not true"
        for told in run.news
        if told.call not in marked and not _told_as_text(told) and _looks_like_a_drill(told)
    ]
    findings += [
        f"{told.where}: exercise is a text or a number; it must be true" for told in run.news if _told_as_text(told)
    ]
    return verdict(findings, marked)


def _told_as_text(told: Told) -> bool:
    value = told.told.get("exercise")
    return not isinstance(value, bool | None)


def _looks_like_a_drill(told: Told) -> bool:
    names = ("incident_type", "incident_type_description", "type_modifier", "incident_number")
    return any(_DRILL.search(text.replace("_", " ")) for name in names for text in texts(told.told.get(name)))
