"""What Chalice's template lacks, as one: the files of `infra/` together, each about one thing.

resources.json    what is stored, queued and queried
api.json          three functions on one API, its limits, its addresses
providers.json    numbers and mailboxes that messages go from
watch.json        logs, alarms, the dashboard
"""

import json
from collections.abc import Mapping
from typing import Any

from tenfour.common.errors import CityFailed
from tenfour.common.paths import INFRA


def merged() -> dict[str, Any]:
    """Return the whole; CityFailed where two files say something different of one thing."""
    whole: dict[str, Any] = {}
    for path in sorted(INFRA.glob("*.json")):
        whole = _merge(whole, json.loads(path.read_text()), path.name)
    return whole


def _merge(one: Mapping[str, Any], other: Mapping[str, Any], place: str) -> dict[str, Any]:
    both = dict(one)
    for name, value in other.items():
        here = f"{place}: {name}"
        if isinstance(value, dict) and isinstance(both.get(name), dict):
            both[name] = _merge(both[name], value, here)
        elif name in both and both[name] != value:
            raise CityFailed(f"{here}: another file of infra/ says something else")
        else:
            both[name] = value
    return both
