"""Several phones where one is expected: one is called, and a silence must reach the others, too."""

import re
from typing import Any

import msgspec
from msgspec import Raw

from chalicelib.domain.phones import clean_phone, readable_numbers
from chalicelib.inbound.cad.loosely import texts

LONGEST = 254
_SEVERAL = re.compile(rb'"phone"\s*:\s*\[')


def split_phones(parties: Raw, country: str) -> tuple[Raw, dict[int, frozenset[str]]]:
    """Return the parties with one phone each, and the numbers of the others by the party's place.

    The first that can be texted is the party's phone, or the first of all.
    """
    if not _SEVERAL.search(parties):
        return parties, {}
    beside: dict[int, frozenset[str]] = {}
    told: Any = msgspec.json.decode(parties)
    for place, party in enumerate(told if isinstance(told, list) else ()):
        if isinstance(party, dict) and isinstance(several := party.get("phone"), list):
            phones = [text[:LONGEST] for text in texts(several)]
            textable = (phone for phone in phones if clean_phone(phone, country).number)
            party["phone"] = next(textable, phones[0] if phones else None)
            beside[place] = frozenset[str]().union(*(readable_numbers(phone, country) for phone in phones))
    return Raw(msgspec.json.encode(told)), beside
