"""Find judged values that are near to one that nobody has judged: people judge alike what is alike. Pure."""

import re
from collections.abc import Iterator

from chalicelib.domain.incidents.update import Evidence
from chalicelib.domain.settings.judgements import Judgement, Judgements
from chalicelib.domain.text import normal

MOST = 3

_SAME_CODE, _SAME_FAMILY, _SAME_WORD = 100, 10, 3
_SHORTEST_WORD = 4
_STEM = re.compile(r"\d{2,}|[a-z]{3,}")


def neighbours(item: Evidence, judgements: Judgements, most: int = MOST) -> tuple[Judgement, ...]:
    """Return the nearest judgements of the same field: of the same code, of its family, or with the same words."""
    near = ((_nearness(item, entry), entry) for entry in judgements.entries if entry.field == item.field)
    found = sorted((-score, entry.name, entry) for score, entry in near if score)[:most] if item.code else []
    return tuple(entry for _, _, entry in found)


def _nearness(item: Evidence, entry: Judgement) -> int:
    code, other = normal(item.code), normal(entry.value)
    same = _SAME_CODE if code and code == other else 0
    family = _SAME_FAMILY if _stem(code) and _stem(code) == _stem(other) else 0
    shared = set(_words(item.code, item.text)) & set(_words(entry.value, entry.meaning))
    return same + family + _SAME_WORD * len(shared)


def _stem(code: str) -> str:
    """Return how the codes of one family begin: 415N and 415 are of one."""
    found = _STEM.match(code)
    return found[0] if found else ""


def _words(*texts: str) -> Iterator[str]:
    for text in texts:
        yield from (word for word in normal(text).split() if len(word) >= _SHORTEST_WORD)
