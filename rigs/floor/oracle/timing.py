"""When each kind is due and when it expires: the table of `docs/agency/notifications.md`."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from rigs.floor.oracle.state import State

SHORT, HALF_AN_HOUR = timedelta(minutes=15), timedelta(minutes=30)
OUTCOME_LIVES, CASE_LIVES = timedelta(hours=4), timedelta(days=14)


class Due(NamedTuple):
    """When a message is due and when it expires; None where the documents leave the end open."""

    at: datetime
    until: datetime | None


def due(state: State, number: str, kind: str) -> list[Due]:
    """Return when a kind is due, in the order of its notices; nothing where it is not due."""
    waits = state.waits_until(number)
    return [each._replace(at=max(each.at, waits or each.at)) for each in _due(state, number, kind)]


def _due(state: State, number: str, kind: str) -> list[Due]:
    told, rule = state.of(number), state.rule(number)
    if rule is None:
        return []
    facts, place, rules = told.facts, state.place(number), state.book.rules
    received, closed = facts.get("received_at"), facts.get("closed_at") or facts.get("cancelled_at")
    match kind:
        case "acknowledgment" if received:
            return [Due(received + place.hold(rule, facts.get("priority")), received + SHORT)]
        case "dispatched":
            return _dispatched(facts)
        case "delay" if received:
            anchor, after = place.delay(rule, facts.get("priority"))
            waits = not facts.get("scheduled_for") and facts.get("response_mode") in (None, "in_person")
            at = facts.get(anchor)
            return [Due(at + each, at + each + HALF_AN_HOUR) for each in after] if at and waits else []
        case "outcome" if rules.outcome(facts.get("dispositions")):
            known = told.first_told["dispositions", tuple(facts["dispositions"])]
            return [Due(known, closed + OUTCOME_LIVES if closed else None)]
        case "case_number" if facts.get("case_numbers"):
            known = told.first_told["case_numbers", tuple(facts["case_numbers"])]
            return [Due(known, facts["closed_at"] + CASE_LIVES if facts.get("closed_at") else None)]
        case "survey" if facts.get("closed_at") and not facts.get("cancelled_at"):
            came = facts.get("arrived_at") or rules.without_arrival
            at = facts["closed_at"] + rules.survey_after
            asked = came and rules.outcome(facts.get("dispositions")) in rules.surveyed
            return [Due(at, at + rules.survey_window)] if asked else []
    return []


def _dispatched(facts: Mapping[str, Any]) -> list[Due]:
    moves = [at for at in (facts.get("dispatched_at"), facts.get("enroute_at")) if at]
    diverted = facts.get("diverted_at")
    if not moves or (diverted and diverted >= max(moves)):
        return []
    return [Due(min(moves), min(moves) + SHORT)]
