"""The safety floor: what is never texted about, whatever an agency's settings allow.

A code list and a word list, English and Spanish, read every word that any update ever used for
the nature of an incident: calls are downgraded at close, and then the word that mattered is gone.
Too much silence costs a text; too little can cost a life, so each pattern errs towards silence.
The lists themselves are in `sensitive.py`.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from chalicelib.domain.incident import Incident
from chalicelib.domain.sensitive import GUARDED, OFFENSE, PENAL_CODE, SENSITIVE, UNHURT, WELFARE
from chalicelib.domain.update import Evidence


def sensitive_because(incident: Incident, sensitive_types: frozenset[str], overridden: frozenset[str]) -> str | None:
    """Return what makes the incident one that is never texted about, as `field: word`, or None.

    `sensitive_types` are the agency's own codes; `overridden` are the codes that its settings
    excuse by name. An override excuses the words of that type, not a modifier or an offence.
    """
    if incident.overfull:
        return "too much to judge"
    listed = frozenset(map(plain_words, sensitive_types))
    for item in sorted(incident.evidence):
        excused = item.field == "incident_type" and item.code in overridden
        found = None if excused else _sensitive_word(item, listed)
        if found:
            return f"{item.field}: {found}"
    return None


def guarded(incident: Incident, highest_priorities: frozenset[str]) -> bool:
    """Tell whether nothing may be said before closing: in progress, hurt, medical, hung up, most urgent."""
    urgent = incident.facts.priority in highest_priorities
    return urgent or any(GUARDED.search(UNHURT.sub(" ", words)) for words in _all_words(incident))


def welfare(incident: Incident) -> bool:
    """Tell whether the incident is about somebody's welfare or about keeping the peace."""
    return any(WELFARE.search(words) for words in _all_words(incident))


def _sensitive_word(item: Evidence, listed: frozenset[str]) -> str | None:
    """Return the word or code of one piece of evidence that makes it sensitive, or None.

    The agency's list is held against whole codes and texts; the codes of law against each word of
    them, but not of a description in words, where a number is a number.
    """
    if {plain_words(item.code), plain_words(item.text)} & (listed - {""}):
        return item.code or item.text
    coded = item.code if item.field == "incident_type" else f"{item.code} {item.text}"
    for token in re.split(r"[^A-Z0-9.()]+", coded.upper()):
        if PENAL_CODE.fullmatch(token) or (item.field == "offenses" and OFFENSE.fullmatch(token)):
            return token
    match = SENSITIVE.search(plain_words(f"{item.code} {item.text}"))
    return match[0] if match else None


def _all_words(incident: Incident) -> Iterator[str]:
    return (plain_words(f"{item.code} {item.text}") for item in incident.evidence)


@lru_cache(maxsize=4096)
def plain_words(text: str) -> str:
    """Return the words alone: lower case, no accents, one space between."""
    bare = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", " ", bare.lower()).strip()
