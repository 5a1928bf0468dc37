"""Shorten lists and free texts that are too long, so that the rest of the update can be taken.

A whole number with a point, such as 5.0, is a whole number too.
"""

from collections.abc import Mapping
from typing import Any

from chalicelib.domain.incidents.facts import MOST_ENTRIES
from chalicelib.inbound.cad.several import LONGEST_TEXT, WORDS, fitting
from chalicelib.inbound.cad.update_fields import MOST_PARTIES

_TEXTS = ("incident_type_description", "type_modifier", "initial_type")
_LISTS = ("dispositions", "case_numbers", "offenses", "units")


def shortened(told: Mapping[str, Any]) -> dict[str, Any]:
    """Return an update whose lists and texts are within the limits.

    The words and parties behind a limit are not lost: `salvage` reads them from the update as it came.
    """
    short = dict(told)
    if isinstance(sequence := told.get("sequence"), float) and sequence.is_integer():
        short["sequence"] = int(sequence)
    for name in _TEXTS:
        if isinstance(text := told.get(name), str):
            short[name] = text[:LONGEST_TEXT]
    for name in WORDS:
        if isinstance(several := told.get(name), list):
            words = fitting(name, several)
            short[name] = words if words or not any(several) else several  # a list of no word is refused by name
    for name in _LISTS:
        if isinstance(entries := told.get(name), list):
            short[name] = [_short_unit(entry) for entry in entries[:MOST_ENTRIES]]
    if isinstance(people := told.get("reporting_parties"), list):
        short["reporting_parties"] = people[:MOST_PARTIES]
    return short


def _short_unit(entry: Any) -> Any:
    officers = entry.get("officer_ids") if isinstance(entry, Mapping) else None
    return {**entry, "officer_ids": officers[:MOST_ENTRIES]} if isinstance(officers, list) else entry
