"""The stack beyond Chalice's own template: the files of `infra/stack/` merged, each about one thing.

    tables.json       the tables of incidents, contacts, surveys and settings
    ledger.json       the ledger of acts that take two people, and its copies that nobody can delete
    secrets.json      keys and secrets
    queues.json       queues and topics, between functions and for staff
    functions.json    the functions' environment, and those behind queues, streams and timers
    api.json          three functions on one API, its limits, its addresses
    desk.json         the desk: a fourth function on that API, its sessions, and who signs people in
    providers.json    numbers and mailboxes that messages go from, and their events
    lake.json         the bucket, the database and the workgroups of analysts
    alarms.json       alarms, the dashboard, logs
    generated.json    the lake's tables, views and queries: `tenfour lake document` writes them, nobody edits them

Two files may add to one thing, but not say something different of it.
"""

import json
from collections.abc import Mapping
from typing import Any

from tenfour.common.errors import CityFailed
from tenfour.common.paths import STACK_FILES


def merged() -> dict[str, Any]:
    """Return the whole; CityFailed where two files say something different of one thing."""
    whole: dict[str, Any] = {}
    for path in sorted(STACK_FILES.glob("*.json")):
        whole = _merge(whole, json.loads(path.read_text()), path.name)
    return whole


def _merge(one: Mapping[str, Any], other: Mapping[str, Any], place: str) -> dict[str, Any]:
    both = dict(one)
    for name, value in other.items():
        here = f"{place}: {name}"
        if isinstance(value, dict) and isinstance(both.get(name), dict):
            both[name] = _merge(both[name], value, here)
        elif name in both and both[name] != value:
            raise CityFailed(f"{here}: another file of infra/stack/ says something else")
        else:
            both[name] = value
    return both
