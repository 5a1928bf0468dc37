"""The values that wait to be judged: most frequent first, with examples and what the word lists think of each."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import cast

from msgspec import Struct

from chalicelib.domain.desk.unjudged import is_sentence
from chalicelib.domain.incidents.update import Evidence, Update
from chalicelib.domain.notifications import judged
from chalicelib.domain.notifications.judged import compared, named
from chalicelib.domain.notifications.safety import classes, sensitive_word
from chalicelib.domain.settings.agency import Agency
from chalicelib.domain.settings.judgements import JudgedField
from chalicelib.domain.text import readable

EXAMPLES = 3
FEWEST_FOR_FREE_TEXT = 100
"""Fewer different values than this can be judged, however seldom each is."""

_SHARE_OF_FREE_TEXT = 0.3
_LOOKS = {"guarded": "urgent, in progress or medical: after_close", "welfare": "welfare or keeping the peace: welfare"}

Codes = Mapping[str, str]
"""The agency's own code list: the meaning of each code."""


class Waiting(Struct, frozen=True, kw_only=True):
    """One value that nobody has judged; `incidents` used it, `looks` is what the word lists and settings think.

    `verdicts`, `judged_by` and `reason` are of a draft at the desk, which waits for a second person.
    """

    field: JudgedField
    value: str
    meaning: str = ""
    incidents: int = 0
    examples: tuple[str, ...] = ()
    looks: str = ""
    verdicts: str = ""
    judged_by: str = ""
    reason: str = ""

    @property
    def name(self) -> str:
        """Return the value as people read it: a code with its meaning."""
        return " = ".join(dict.fromkeys(part for part in (self.value, self.meaning) if part))


class Worklist(Struct, frozen=True, kw_only=True):
    """What waits, and the fields that hold free text: no list can judge them."""

    waiting: tuple[Waiting, ...]
    free_text: Mapping[str, int]
    incidents: int
    not_judged: int

    @property
    def share(self) -> float:
        """Return the share of the incidents with a word that nobody has judged."""
        return self.not_judged / self.incidents if self.incidents else 0.0


def worklist(updates: Iterable[Update], agency: Agency, codes: Codes | None = None, endings: bool = False) -> Worklist:
    """Return what waits to be judged of all that dispatch said, and of the agency's own code list.

    `endings` adds the dispositions, which count only where the agency judges them.
    """
    heard = _heard(updates, agency, endings)
    names: dict[Evidence, Evidence] = {}
    at: defaultdict[Evidence, set[str]] = defaultdict(set)
    for item, numbers in heard.items():
        value = named(item, agency)
        spelling = names.setdefault(compared(value), value)
        at[spelling] |= numbers
    for code, meaning in (codes or {}).items():
        value = Evidence("incident_type", code, meaning)
        at[names.setdefault(compared(value), value)] |= set()
    unjudged = {item: numbers for item, numbers in at.items() if not judged.verdicts(item, agency)}
    incidents = set[str]().union(*at.values())
    ranked = sorted(unjudged, key=lambda item: (-len(unjudged[item]), item))
    return Worklist(
        waiting=tuple(_waiting(item, unjudged[item], agency) for item in ranked),
        free_text=free_text(at),
        incidents=len(incidents),
        not_judged=len(set[str]().union(*unjudged.values())),
    )


def looks(item: Evidence, agency: Agency) -> str:
    """Return what the word lists think of a value and why; "" where they know nothing against it."""
    if not (readable(item.code) and readable(item.text)):
        return "can't be read: it stays silent"
    word = sensitive_word(item, agency)
    if word:
        return f"sensitive: {word}"
    return "; ".join(_LOOKS[name] for name in sorted(classes(item, agency)))


def free_text(at: Mapping[Evidence, Collection[str]]) -> dict[str, int]:
    """Return the fields with more different values than a list can have, and how many.

    `at` are the incidents that used each value. A value of many words is a sentence, and gives its field away at once.
    """
    values = Counter(item.field for item, numbers in at.items() if numbers)
    sentences = {item.field for item, numbers in at.items() if numbers and is_sentence(item)}
    uses = Counter[str]()
    for item, numbers in at.items():
        uses[item.field] += len(numbers)
    return {field: many for field, many in values.items() if field in sentences or _is_free(many, uses[field])}


def _heard(updates: Iterable[Update], agency: Agency, endings: bool) -> dict[Evidence, set[str]]:
    found: defaultdict[Evidence, set[str]] = defaultdict(set)
    for update in updates:
        items = set(update.evidence)
        if endings or agency.judgements.judged_dispositions:
            items |= {Evidence("dispositions", code=code) for code in update.facts.get("dispositions") or ()}
        for item in items:
            found[item].add(update.incident_number or update.incident_id)
    return found


def _waiting(item: Evidence, numbers: set[str], agency: Agency) -> Waiting:
    return Waiting(
        field=cast("JudgedField", item.field),
        value=item.code,
        meaning=item.text,
        incidents=len(numbers),
        examples=tuple(sorted(numbers)[:EXAMPLES]),
        looks=looks(item, agency),
    )


def _is_free(values: int, uses: int) -> bool:
    return values >= FEWEST_FOR_FREE_TEXT and values > uses * _SHARE_OF_FREE_TEXT
