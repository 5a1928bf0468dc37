"""Turn a scenario's step into the update that the webhook would have made of it."""

from datetime import datetime
from typing import Any

import msgspec

from chalicelib.domain.incidents.update import Update
from chalicelib.inbound.cad.read_updates import Unacceptable, read_updates
from chalicelib.inbound.cad.update_fields import PartyBody, UpdateBody
from chalicelib.insight.scenarios.clock import Clock, NoTime
from chalicelib.insight.scenarios.read import INCIDENT

CALLER = "303-555-0123"
"""The caller's phone in a scenario that names none."""

TAKEN_BACK = "taken_back"
_FIELDS = {*UpdateBody.__struct_fields__, TAKEN_BACK}
_PARTY_FIELDS = set(PartyBody.__struct_fields__)


class Unreadable(ValueError):
    """An update that the webhook would not take, or that is misspelt; the text begins with the field."""


def usual_call(told: dict[str, Any]) -> dict[str, Any]:
    """Return the update that a call begins with, as a scenario tells it: what it leaves out is as usual."""
    caller = {"party_id": "1", "role": "caller", "contact_kind": "personal", "phone": CALLER}
    return {"origin": "911", "priority": "3", "received_at": "", "reporting_parties": [caller], **told}


def read_update(told: dict[str, Any], update_id: str, clock: Clock, country: str, now: datetime) -> Update:
    """Read an update as the webhook would; Unreadable."""
    _known(told)
    body = {"incident_number": INCIDENT, "as_of": "", "update_id": update_id, **told}
    body |= dict.fromkeys(body.pop(TAKEN_BACK, ()))
    body = {name: _written(name, value, clock, now) for name, value in body.items()}
    try:
        batch = read_updates(msgspec.json.encode({"updates": [body]}), update_id, country, now)
    except Unacceptable as problem:
        raise Unreadable(str(problem)) from problem
    if batch.rejected:
        raise Unreadable(batch.rejected[0].error.removeprefix("updates[0]."))
    return batch.updates[0]


def _known(told: dict[str, Any]) -> None:
    """Refuse names that the webhook does not know: it ignores them, a scenario has misspelt them."""
    for name in told:
        if name not in _FIELDS:
            raise Unreadable(f"{name}: no such field; docs/vendor/webhook.md has them all")
    parties = told.get("reporting_parties")
    for place, party in enumerate(parties if isinstance(parties, list) else ()):
        for name in party if isinstance(party, dict) else ():
            if name not in _PARTY_FIELDS:
                raise Unreadable(
                    f"reporting_parties[{place}].{name}: no such field; docs/vendor/webhook.md has them all"
                )
    taken_back = told.get(TAKEN_BACK, [])
    if not isinstance(taken_back, list) or not all(name in _FIELDS for name in taken_back):
        raise Unreadable(f'{TAKEN_BACK}: expected a list of fields, such as ["arrived_at"]')


def _written(name: str, value: Any, clock: Clock, now: datetime) -> Any:
    """Write a time as the webhook wants it; an empty one is that of the step."""
    if not name.endswith(("_at", "_for", "as_of")) or not isinstance(value, str):
        return value
    try:
        return clock.read(value) if value else now
    except NoTime as problem:
        raise Unreadable(f"{name}: {problem}") from problem
